package io.keepset.drivers.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A killed process's passwords do not stay. */
class LoginDirectoryTest {
  @TempDir private Path temporary;

  @Test
  void whatADeadProcessLeftGoes() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    Path left = leave("keepset-login-" + process.pid() + "-1-7");
    process.destroyForcibly().waitFor();

    LoginDirectory.make(temporary);

    assertThat(left).doesNotExist();
  }

  @Test
  void whatAnEarlierProcessOfTheSameIdLeftGoes() throws IOException {
    Path left = leave("keepset-login-" + ProcessHandle.current().pid() + "-1-7");

    LoginDirectory.make(temporary);

    assertThat(left).doesNotExist();
  }

  @Test
  void whatALiveProcessUsesStays() throws IOException {
    Path used = LoginDirectory.make(temporary);
    Files.writeString(used.resolve("pgpass"), "secret");

    Path another = LoginDirectory.make(temporary);

    assertThat(used.resolve("pgpass")).exists();
    assertThat(another).exists().isNotEqualTo(used);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(another)))
        .isEqualTo("rwx------");
  }

  @Test
  void othersNamesAndLinksStay() throws IOException {
    Path named = leave("keepset-login-of-somebody");
    Path elsewhere = leave("elsewhere");
    Path link =
        Files.createSymbolicLink(
            temporary.resolve("keepset-login-" + ProcessHandle.current().pid() + "-1-8"),
            elsewhere);

    LoginDirectory.make(temporary);

    assertThat(named.resolve("pgpass")).exists();
    assertThat(link).isSymbolicLink();
    assertThat(elsewhere.resolve("pgpass")).exists();
  }

  @Test
  void goesWithAllThatIsInIt() throws IOException {
    Path made = LoginDirectory.make(temporary);
    Files.writeString(made.resolve("pgpass"), "secret");

    LoginDirectory.delete(made);

    assertThat(made).doesNotExist();
  }

  private Path leave(String name) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve(name));
    Files.writeString(directory.resolve("pgpass"), "secret");
    return directory;
  }
}
