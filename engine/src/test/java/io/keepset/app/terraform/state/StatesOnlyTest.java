package io.keepset.app.terraform.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation that keeps Terraform's states and backs nothing up. */
class StatesOnlyTest {
  @TempDir private Path work;
  private CommandLineForTests keepset;

  @BeforeEach
  void begin() throws IOException {
    keepset =
        new CommandLineForTests(work.resolve("data"))
            .with("KEEPSET_POLICIES", work.resolve("policies").toString());
    Files.createDirectory(work.resolve("policies"));
  }

  @Test
  void settingsWithoutADatabaseTakeEffectAndAreGuarded() throws IOException {
    write("versions: {last: 20}");
    Result first = keepset.run("apply", "--yes");
    assertThat(first.code()).as(first.out() + first.err()).isZero();

    write("versions: {last: 2}");
    Result fewer = keepset.run("plan");
    assertThat(fewer.code()).isEqualTo(3);
    assertThat(fewer.out())
        .contains("keepset.terraform.state.versions.last 20 -> 2 weakens", "[guard.settings]");

    write("versions: {last: 30}");
    Result more = keepset.run("plan");
    assertThat(more.code()).isZero();
    assertThat(more.out()).contains("keepset.terraform.state.versions.last 20 -> 30 strengthens");
  }

  @Test
  void filesThatHoldNothingAreStillAMistake() throws IOException {
    Files.writeString(work.resolve("policies/a.yaml"), "");

    assertThat(keepset.run("plan").out()).contains("[guard.empty]");
  }

  private void write(String state) throws IOException {
    Files.writeString(
        work.resolve("policies/a.yaml"), "keepset: {terraform: {state: {" + state + "}}}\n");
  }
}
