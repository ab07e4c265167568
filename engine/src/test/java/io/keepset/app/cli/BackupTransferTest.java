package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Backups of a real directory that leave Keepset or come into it, and those that are restored. */
class BackupTransferTest extends VolumeCommands {
  @Test
  void downloadsUnderTheFinalNameOnlyWhatIsWholeAndNothingIsReplacedUnasked() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");

    assertThat(run("backup", "download", "files", file.toString()).code()).isZero();
    assertThat(run("backup", "download", "files", file.toString()).code()).isEqualTo(3);
    assertThat(run("backup", "download", "files", file.toString(), "--overwrite").code()).isZero();
    damageArtifact();
    Path bad = directory.resolve("bad.tar.gz");
    Result refused = run("backup", "download", "files", bad.toString());

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("is damaged");
    assertThat(bad).doesNotExist();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void downloadToAPipeIsTheFileAndNothingElse() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");
    run("backup", "download", "files", file.toString());
    Result piped = run("backup", "download", "files", "-");
    Result terminal =
        line().on(new Terminal(true, true, true, false)).run("backup", "download", "files", "-");

    assertThat(piped.code()).isZero();
    assertThat(piped.out()).hasSizeGreaterThan(50).doesNotContain("backup");
    assertThat(terminal.code()).isEqualTo(64);
    assertThat(terminal.err()).contains("a backup is no text");
  }

  @Test
  void takesInWhatIsWholeAndRefusesTheRest() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");
    run("backup", "download", "files", file.toString());
    Path bad = Files.writeString(directory.resolve("bad"), "hello");

    assertThat(run("backup", "upload", "files", file.toString()).out()).contains("taken in");
    Result refused = run("backup", "upload", "files", bad.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).containsOnlyOnce("what was written did not pass its check");
    assertThat(refused.err()).contains(" failed: ");
    assertThat(run("backup", "list").out().lines())
        .filteredOn(line -> line.contains("FAILED"))
        .singleElement()
        .asString()
        .contains("… (keepset backup show files-");
    assertThat(run("backup", "upload", "files", "/nowhere").err()).contains("no such file");
  }

  @Test
  void whoNamesADatabaseGetsItsOwnNewestBackupAndHearsWhatWasPassedOver() throws Exception {
    Path policies = directory.resolve("policies/all.yaml");
    Files.writeString(policies, Files.readString(policies).replace("on_demand: 1", "on_demand: 2"));
    run("apply", "--yes");
    run("backup", "create", "files");
    Path file = directory.resolve("files.tar.gz");
    run("backup", "download", "files", file.toString());
    Clock later = Clock.fixed(CommandLineForTests.NOW.plusSeconds(60), ZoneOffset.UTC);
    line().at(later).run("backup", "upload", "files", file.toString());

    Result restored =
        run("backup", "restore", "files", "--to-new", directory.resolve("new").toString());

    assertThat(restored.code()).as(restored.err()).isZero();
    assertThat(restored.err())
        .contains(
            " is newer and was passed over: it was uploaded, so its data may be of any age; to take"
                + " it, name it by its id");
    assertThat(restored.out()).contains("  new:");
  }

  @Test
  void aMergeIsRefusedAtOnceWhereTheEngineCanNot() {
    run("backup", "create", "files");

    Result refused = run("backup", "restore", "files", "--merge", "--confirm", "files");
    Result both = run("backup", "restore", "files", "--merge", "--over");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "volume can't restore a backup merged with what is there; it restores into something"
                + " new or over what is there");
    assertThat(both.code()).isEqualTo(64);
    assertThat(both.err()).contains("choose one of --over, --merge and --to-new");
  }

  @Test
  void restoresIntoSomethingNew() {
    run("backup", "create", "files");
    Path copy = directory.resolve("copy");

    assertThat(run("backup", "restore", "files", "--to-new", copy.toString()).code()).isZero();
    assertThat(copy.resolve("a.txt")).hasContent("hello");
  }

  @Test
  void overWhatIsThereOnlyIfTheNameIsTyped() throws IOException {
    run("backup", "create", "files");
    Path file = Files.writeString(directory.resolve("files/a.txt"), "changed");

    Result silent = run("backup", "restore", "files", "--over");
    Result wrong = line().typing("fils\n").run("backup", "restore", "files", "--over");
    assertThat(silent.code()).isEqualTo(3);
    assertThat(silent.err()).contains("say --confirm files");
    assertThat(wrong.code()).isEqualTo(3);
    assertThat(file).hasContent("changed");

    Result typed = line().typing("files\n").run("backup", "restore", "files", "--over");
    assertThat(typed.err()).doesNotContain("error");
    assertThat(file).hasContent("hello");
  }
}
