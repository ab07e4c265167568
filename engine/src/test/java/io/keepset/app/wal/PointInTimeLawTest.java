package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.testing.Laws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commits over several base backups and forced segment switches on a real PostgreSQL, its
 * receiver killed now and then: what is restored is exactly the commits up to the instant that was
 * asked for. {@code -Dkeepset.law.cases=20} tries twenty such histories.
 */
class PointInTimeLawTest {
  private static final int RESTORES = 6;

  @TempDir private Path home;

  @Test
  void whatIsRestoredIsExactlyTheCommitsUpToThatInstant() {
    AtomicInteger cases = new AtomicInteger();
    Laws.forAll(1, random -> history(random, home.resolve("case-" + cases.getAndIncrement())));
  }

  private static void history(Random random, Path place) throws Exception {
    // Forced switches make much log; the server must not give up the slot while nobody receives.
    try (WalLab lab =
            new WalLab(Files.createDirectories(place), "7d", "", "max_slot_wal_keep_size=2GB");
        Journal journal = new Journal(lab.postgres(), random)) {
      lab.serve();
      lab.awaitReceiving();
      journal.write(5 + random.nextInt(5));
      lab.base();
      int first = journal.commits().size();
      for (int bases = 1 + random.nextInt(3); bases > 0; bases--) {
        journal.write(10 + random.nextInt(25));
        if (random.nextInt(3) == 0) {
          lab.killReceiver();
        }
        lab.base();
      }
      journal.write(10 + random.nextInt(10));
      lab.awaitCovered();
      assertThat(lab.problems()).doesNotContain("watch.wal_gap");
      List<Journal.Commit> commits = journal.commits();
      for (int i = 0; i < RESTORES; i++) {
        int last = first + random.nextInt(commits.size() - first);
        restore(lab, random, commits, last, i);
      }
      tooEarly(lab, commits.get(first - 1).at());
    }
  }

  private static void restore(
      WalLab lab, Random random, List<Journal.Commit> commits, int last, int turn)
      throws Exception {
    Journal.Commit commit = commits.get(last);
    String how;
    String what;
    // Each way is tried in every run, whatever the random source says.
    switch (turn % 3) {
      case 0 -> {
        how = "--to-time";
        what = instant(random, commits, last).toString();
      }
      case 1 -> {
        how = "--to-lsn";
        what = commit.position();
      }
      default -> {
        for (; last > 0 && commits.get(last).mark().isEmpty(); last--) {}
        commit = commits.get(last);
        how = commit.mark().isEmpty() ? "--to-lsn" : "--to-name";
        what = commit.mark().isEmpty() ? commit.position() : commit.mark();
      }
    }
    // A name may lie before the first base backup.
    if (how.equals("--to-name") && isBeforeFirstBase(lab, commit.at())) {
      Result refused = lab.restore(lab.newDirectory(), how, what);
      assertThat(refused.code()).as("%s %s", how, what).isEqualTo(1);
      return;
    }
    assertThat(lab.restored(Journal.ROWS, how, what))
        .as("%s %s, commit %s of %s", how, what, last + 1, commits.size())
        .isEqualTo(commit.rows());
  }

  /** At a commit, right before the next, or somewhere between. */
  private static Instant instant(Random random, List<Journal.Commit> commits, int last) {
    Instant at = commits.get(last).at();
    if (last + 1 == commits.size()) {
      return at;
    }
    Duration pause = Duration.between(at, commits.get(last + 1).at()).minusNanos(1000);
    return switch (random.nextInt(3)) {
      case 0 -> at;
      case 1 -> at.plus(pause);
      default -> at.plus(pause.dividedBy(2));
    };
  }

  private static boolean isBeforeFirstBase(WalLab lab, Instant at) {
    return at.isBefore(
        Instant.parse(
            lab.status().map("point_in_time").flatMap(m -> m.text("oldest")).orElseThrow()));
  }

  private static void tooEarly(WalLab lab, Instant at) {
    Path directory = lab.newDirectory();
    Result refused = lab.restore(directory, "--to-time", at.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("restorable is");
    assertThat(directory).doesNotExist();
  }
}
