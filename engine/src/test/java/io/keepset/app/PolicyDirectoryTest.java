package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDirectoryTest {
  @TempDir private Path directory;

  @Test
  void whatHasTheNameOfAPolicyButIsNoFileIsAnErrorAndNeverOpened() throws Exception {
    Files.createDirectories(directory.resolve("a.yaml"));
    Files.writeString(directory.resolve("a.yaml/inner.yaml"), "policy: {}\n");
    int made =
        new ProcessBuilder("mkfifo", directory.resolve("b.yaml").toString()).start().waitFor();
    assertThat(made).isZero();

    PolicyFiles read = PolicyDirectory.read(directory);

    assertThat(read.diagnostics())
        .allMatch(Diagnostic::isError)
        .extracting(Diagnostic::message)
        .containsExactlyInAnyOrder(
            "a directory has the name of a policy file",
            "this is a pipe, a socket or a device, not a file");
    assertThat(read.files()).hasSize(1);
  }
}
