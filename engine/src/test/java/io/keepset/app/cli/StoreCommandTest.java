package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"check", "rescan"})
  void aNewDataDirectoryKnowsNoStoreAndSaysWhatToDo(String verb) {
    Result result = new CommandLineForTests(directory.resolve("data")).run("store", verb);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("no stores are known here yet").contains("keepset apply");
  }
}
