package io.keepset.app.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.state.StateDatabase;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Recovery;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SIGKILL for real: a process of its own works on a state file and a directory, and is killed at a
 * given moment. What the next process finds must be in order, without anybody's help.
 */
class KillTest {
  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "during the dump,                      write .*/artifact,           before",
    "after the upload before the manifest, create .*/manifest.json,     before",
    "while the manifest is written,        write .*/manifest.json,      after",
    "after the manifest before the catalogue, commit .*/manifest.json,  after",
    "after the catalogue before retention, update CREATED,              after",
    "after a backup expired,               update EXPIRED,              after",
    "after the decision to delete,         update DELETED,              after",
    "after the manifest of a deleted one went, delete .*/manifest.json, after",
    "in the middle of a deletion,          delete .*/artifact,          after",
    "during a restore,                     update RESTORING,            after",
    "during a rescan,                      list,                        after",
    "while a copy is begun,                copying insert CREATING,     after",
    "while a copy is written,              far write .*/artifact,       before",
    "after a copy's upload before its manifest, far create .*/manifest.json, before",
    "while a copy's manifest is written,   far write .*/manifest.json,  after",
    "after a copy's manifest before the catalogue, far commit .*/manifest.json, after",
    "in the middle of a copy's deletion,   far delete .*/artifact,      after",
  })
  void survivesAKill(String when, String call, String side) throws Exception {
    Process victim = start(call, side);
    awaitAndKill(victim, Victim.HERE, 1);

    assertInOrder(when);
  }

  @Test
  void survivesKillsAtRandomMoments() throws Exception {
    Random random = new Random(42);
    for (int i = 0; i < 5; i++) {
      Process victim = start("", "before");
      awaitAndKill(victim, Victim.ROUND, 1 + random.nextInt(9));
      assertInOrder("kill " + i);
    }
  }

  @Test
  void aKilledRescanIsRepeated() throws Exception {
    awaitAndKill(start("", "before"), Victim.ROUND, 5);
    int backups = assertInOrder("the first kill");
    try (Stream<Path> state = Files.list(directory.resolve("state"))) {
      for (Path file : state.toList()) {
        Files.delete(file);
      }
    }
    awaitAndKill(start("insert CREATED", "after"), Victim.HERE, 1);
    try (StateDatabase state = Victim.state(directory)) {
      Instant[] now = {noon().plus(Duration.ofDays(400))};
      RunnerPlatform runner =
          new RunnerPlatform(Victim.ports(state.catalogue(), state, Victim.stores(directory), now));
      assertThat(runner.stores().rescan("main", Progress.NONE).good()).isTrue();
      assertThat(runner.stores().rescan("far", Progress.NONE).good()).isTrue();
    }

    assertThat(assertInOrder("the rescan")).isGreaterThanOrEqualTo(backups);
  }

  private static Instant noon() {
    return io.keepset.runner.Samples.NOON;
  }

  private Process start(String call, String side) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString(),
                call,
                side))
        .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("stderr").toFile()))
        .start();
  }

  private void awaitAndKill(Process victim, String word, int times) throws Exception {
    try (BufferedReader out = victim.inputReader()) {
      int seen = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        seen += line.equals(word) ? 1 : 0;
        if (seen == times) {
          break;
        }
      }
      assertThat(seen)
          .as(() -> "it ended by itself: " + read(directory.resolve("stderr")))
          .isEqualTo(times);
    } finally {
      victim.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * @return how many backups count
   */
  private int assertInOrder(String when) throws Exception {
    try (StateDatabase state = Victim.state(directory)) {
      Catalogue catalogue = state.catalogue();
      EnumSet<BackupState> counting =
          EnumSet.of(BackupState.CREATED, BackupState.EXPIRED, BackupState.RESTORING);
      List<Backup> before = catalogue.inState(counting);
      // Files have the real time, which may be later than that of the story.
      Instant story = Victim.newest(catalogue);
      Instant real = Instant.now();
      Instant[] now = {(story.isAfter(real) ? story : real).plusSeconds(1)};
      RunnerPorts ports = Victim.ports(catalogue, state, Victim.stores(directory), now);
      new Recovery(ports, Duration.ZERO).thorough();

      assertThat(catalogue.inState(EnumSet.of(BackupState.CREATING, BackupState.RESTORING)))
          .as(when)
          .isEmpty();
      assertThat(catalogue.deleting()).as(when).isEmpty();
      List<Backup> after = catalogue.inState(counting);
      assertThat(after)
          .as(when)
          .extracting(Backup::id)
          .containsAll(before.stream().map(Backup::id).toList());
      int found = 0;
      for (String name : ports.stores().names()) {
        Report check = new RunnerPlatform(ports).stores().check(name, true, Progress.NONE);
        assertThat(check.findings()).as(when).extracting(Diagnostic::message).isEmpty();
        found += check.backups();
        assertThat(strangers(name)).as(when).isEmpty();
      }
      assertThat(found).as(when).isEqualTo(after.size());
      return after.size();
    }
  }

  /** Whatever lies in the store's directory and is no part of a backup. */
  private List<String> strangers(String store) throws IOException {
    Path root = directory.resolve(store);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(
              name -> !name.matches("[^/]+/[^/]+/(artifact|attachment-globals.txt|manifest.json)"))
          .filter(name -> !name.matches("\\.?keepset[^/]*"))
          .toList();
    }
  }
}
