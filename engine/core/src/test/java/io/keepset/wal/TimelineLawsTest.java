package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.Samples;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.WalTarget;
import io.keepset.testing.Laws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Over random histories of a server that fails over again and again: whoever asks for an instant
 * gets what the server held then, exactly, or is refused; and is refused only for an instant before
 * the first base backup, or one at which the server held what was left behind.
 */
class TimelineLawsTest {
  private static final int SIZE = ScriptLog.SIZE;
  private static final int INSTANTS = 40;

  @TempDir private Path home;

  /** Something that was committed. */
  private record Commit(int number, int timeline, long lsn, Instant at) {}

  /** Where a timeline was left for the next. */
  private record Left(long lsn, Instant opened) {}

  @Test
  void eachInstantIsRestoredExactlyOrRefusedForAReason() {
    AtomicInteger restored = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger after = new AtomicInteger();
    Laws.forAll(
        60,
        random -> {
          History history = new History(random, home.resolve("segment"));
          for (int i = 0; i < INSTANTS; i++) {
            Instant wanted = history.instant();
            switch (history.ask(wanted)) {
              case RESTORED -> restored.incrementAndGet();
              case RESTORED_ON_ANOTHER_TIMELINE -> after.incrementAndGet();
              case REFUSED -> refused.incrementAndGet();
            }
          }
        });
    assertThat(restored.get()).as("restored").isGreaterThan(300);
    assertThat(after.get()).as("restored over a failover").isGreaterThan(100);
    assertThat(refused.get()).as("refused").isGreaterThan(50);
  }

  private enum Answer {
    RESTORED,
    RESTORED_ON_ANOTHER_TIMELINE,
    REFUSED
  }

  private static final class History {
    private final Random random;
    private final Path file;
    private final RunnerLab lab = new RunnerLab();
    private final WalCatalogue catalogue = new InMemoryWalCatalogue();
    private final List<Commit> commits = new ArrayList<>();
    private final Map<Integer, Left> left = new HashMap<>();
    private final Map<String, BasePoint> points = new HashMap<>();
    private final Map<String, Instant> complete = new HashMap<>();
    private int timeline = 1;
    private long lsn = SIZE + 100;
    private Instant now = Samples.NOON;

    History(Random random, Path file) throws Exception {
      this.random = random;
      this.file = file;
      lab.engine.log = Optional.of(new ScriptLog());
      lab.protect(Samples.protection("orders"));
      for (int failovers = random.nextInt(4); failovers >= 0; failovers--) {
        for (int steps = 3 + random.nextInt(25); steps > 0; steps--) {
          if (random.nextInt(8) == 0) {
            base();
          } else {
            commit();
          }
        }
        archive();
        if (failovers > 0) {
          failOver();
        }
      }
      base();
      commit();
      commit();
      archive();
      lab.now = now;
      catalogue.put(
          new WalStatus(
              "orders",
              now,
              true,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              OptionalLong.empty(),
              true,
              Optional.of(new WalStatus.Covered(now, ScriptLog.SYSTEM, timeline)),
              0,
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }

    private void commit() {
      pass();
      commits.add(new Commit(commits.size(), timeline, lsn, now));
      lsn += 100 + random.nextInt(SIZE / 3) / 8 * 8;
    }

    private void pass() {
      now = now.plusMillis(1 + random.nextInt(5000));
    }

    private void base() {
      long start = lsn;
      lsn += 200;
      for (int during = random.nextInt(3); during > 0; during--) {
        commit();
      }
      long stop = lsn;
      lsn += 200;
      pass();
      String id = "orders-" + points.size();
      lab.catalogue.insert(
          new BackupBuilder(id, "orders", "fake", BackupKind.SCHEDULED, BackupState.CREATED, now)
              .finished(Optional.of(now))
              .verifiedAt(Optional.of(now))
              .store(Optional.of("main"))
              .build());
      BasePoint point =
          new BasePoint(ScriptLog.SYSTEM, timeline, SIZE, start, stop, Optional.empty());
      catalogue.putBase("orders", id, Optional.of(point));
      points.put(id, point);
      complete.put(id, now);
      pass();
    }

    /** A standby takes over that lagged by some of the last commits, or by none. */
    private void failOver() throws Exception {
      long since = left.containsKey(timeline - 1) ? left.get(timeline - 1).lsn() : SIZE + 100;
      List<Commit> here =
          commits.stream().filter(c -> c.timeline() == timeline && c.lsn() >= since).toList();
      long fork = lsn;
      if (!here.isEmpty() && random.nextInt(3) > 0) {
        fork = here.get(here.size() - 1 - random.nextInt(Math.min(6, here.size()))).lsn();
      }
      pass();
      left.put(timeline, new Left(fork, now));
      timeline++;
      lsn = fork + 100;
      StringBuilder history = new StringBuilder();
      for (int t = 1; t < timeline; t++) {
        history
            .append(t)
            .append('\t')
            .append(io.keepset.spi.wal.Lsn.format(left.get(t).lsn()))
            .append("\tno recovery target specified\n");
      }
      put(io.keepset.spi.wal.TimelineHistory.name(timeline), history.toString());
    }

    /** All that was written on this timeline; the last segment is open. */
    private void archive() throws Exception {
      long from = timeline == 1 ? SIZE : left.get(timeline - 1).lsn();
      for (long number = from / SIZE; number <= lsn / SIZE; number++) {
        long start = number * SIZE;
        long end = Math.min(lsn, start + SIZE);
        if (end == start) {
          continue; // nothing of it was written yet
        }
        boolean forked = timeline > 1 && start < from;
        List<String> records = new ArrayList<>();
        for (Commit commit : commits) {
          if (commit.lsn() >= start && commit.lsn() < end && isOnTheWay(commit, timeline)) {
            records.add(commit.lsn() + " " + commit.at());
          }
        }
        put(
            FakeLog.name(timeline, number),
            ScriptLog.segment(
                forked ? first(start) : timeline,
                start,
                end,
                forked || (timeline > 1 && start == from)
                    ? Optional.of(left.get(timeline - 1).opened() + " " + from)
                    : Optional.empty(),
                records));
      }
    }

    /** The timeline that the first page of a segment is of. */
    private int first(long start) {
      for (int t = 1; t < timeline; t++) {
        if (start < left.get(t).lsn()) {
          return t;
        }
      }
      return timeline;
    }

    private void put(String name, String content) throws Exception {
      lab.now = now;
      new WalArchive(lab.ports(), catalogue)
          .put(
              "orders",
              ScriptLog.SYSTEM,
              new ScriptLog(),
              "main",
              name,
              Files.writeString(file, content),
              true);
    }

    private boolean isOnTheWay(Commit commit, int to) {
      if (commit.timeline() > to) {
        return false;
      }
      for (int t = commit.timeline(); t < to; t++) {
        if (commit.lsn() >= left.get(t).lsn()) {
          return false;
        }
      }
      return true;
    }

    /** At a commit, right before one, or somewhere between. */
    Instant instant() {
      Instant at = commits.get(random.nextInt(commits.size())).at();
      return switch (random.nextInt(4)) {
        case 0 -> at;
        case 1 -> at.minusMillis(1);
        case 2 -> at.plusMillis(random.nextInt(6000));
        default ->
            Samples.NOON.plusMillis(
                random.nextInt((int) Duration.between(Samples.NOON, now).toMillis() + 1));
      };
    }

    Answer ask(Instant wanted) throws Exception {
      Instant bounded = wanted.isAfter(now) ? now : wanted;
      PointInTime.Way way;
      try {
        way =
            new PointInTime(
                    lab.ports(),
                    catalogue,
                    new RunnerPlatform(lab.ports()).operations().orElseThrow(),
                    (db, id) -> "fetch")
                .way("orders", new WalTarget.Time(bounded));
      } catch (DriverException e) {
        assertThat(mayBeRefused(bounded)).as("%s: %s", bounded, e.getMessage()).isTrue();
        return Answer.REFUSED;
      }
      assertThat(replayed(way))
          .as("%s by %s of %s", bounded, way.target(), way.base().point())
          .isEqualTo(held(bounded));
      return way.base().point().timeline() == timeline
          ? Answer.RESTORED
          : Answer.RESTORED_ON_ANOTHER_TIMELINE;
    }

    /** What the server held, of what is still there. */
    private List<Integer> held(Instant wanted) {
      return numbers(
          commits.stream().filter(c -> isOnTheWay(c, timeline) && !c.at().isAfter(wanted)));
    }

    private boolean mayBeRefused(Instant wanted) {
      boolean early =
          points.entrySet().stream()
              .filter(base -> isOnTheWay(base.getValue()))
              .noneMatch(base -> !complete.get(base.getKey()).isAfter(wanted));
      boolean lost = false;
      for (Commit commit : commits) {
        boolean tail =
            commit.timeline() < timeline && commit.lsn() >= left.get(commit.timeline()).lsn();
        lost |=
            tail
                && !wanted.isBefore(commit.at())
                && wanted.isBefore(left.get(commit.timeline()).opened());
      }
      return early || lost;
    }

    private boolean isOnTheWay(BasePoint base) {
      return base.timeline() == timeline || base.stop() <= leftFrom(base.timeline());
    }

    private long leftFrom(int from) {
      long least = Long.MAX_VALUE;
      for (int t = from; t < timeline; t++) {
        least = Math.min(least, left.get(t).lsn());
      }
      return least;
    }

    /** As PostgreSQL does it: the base backup, then the log up to the target. */
    private List<Integer> replayed(PointInTime.Way way) {
      BasePoint base = way.base().point();
      List<Commit> log =
          commits.stream()
              .filter(c -> isOnTheWay(c, way.window().history().timeline()))
              .filter(c -> c.lsn() >= base.start())
              .toList();
      long end = base.stop();
      if (way.target() instanceof WalTarget.Time time) {
        Optional<Commit> later = log.stream().filter(c -> c.at().isAfter(time.at())).findFirst();
        assertThat(later).as("PostgreSQL wants to see a later commit").isPresent();
        end = later.get().lsn();
        assertThat(end).as("it must be consistent by then").isGreaterThanOrEqualTo(base.stop());
      } else if (way.target() instanceof WalTarget.Position position) {
        end = Math.max(end, position.lsn() + 1);
      }
      long last = end;
      return numbers(
          commits.stream()
              .filter(c -> isOnTheWay(c, way.window().history().timeline()))
              .filter(c -> c.lsn() < last));
    }

    private static List<Integer> numbers(Stream<Commit> some) {
      return some.map(Commit::number).sorted().toList();
    }
  }
}
