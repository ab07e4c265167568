package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.Expiry;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.Samples;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.SegmentName;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Over random weeks: each instant of the window can be restored, and log that no window needs goes
 * when its grace is over.
 */
class WalRetentionLawsTest {
  private static final int SIZE = SegmentName.USUAL_SIZE;
  private static final Instant BEGIN = Samples.NOON;

  private final RunnerLab lab = new RunnerLab();
  private final WalCatalogue logs = new InMemoryWalCatalogue();
  private final Map<Long, Instant> unneeded = new HashMap<>();

  @Test
  void everyInstantOfTheWindowStaysRestorableAndNothingStaysForEver() {
    AtomicInteger gone = new AtomicInteger();
    Laws.forAll(40, random -> gone.addAndGet(new WalRetentionLawsTest().weeks(random)));
    assertThat(gone.get()).as("segments that went").isPositive();
  }

  private int weeks(Random random) throws Exception {
    Duration window = Duration.ofHours(12 + random.nextInt(100));
    Duration grace = Duration.ofHours(1 + random.nextInt(48));
    lab.protect(protection(window, grace, 1 + random.nextInt(3)));
    WalRetention retention = new WalRetention(lab.ports(), logs);
    Optional<Instant> first = Optional.empty();
    for (int hour = 1; hour < 24 * 20; hour++) {
      lab.now = BEGIN.plus(Duration.ofHours(hour));
      logs.add(WalFiles.segment(1, hour, lab.now));
      if (random.nextInt(24) == 0) {
        boolean good = random.nextInt(5) > 0;
        base(hour, good);
        if (good) {
          first = first.or(() -> Optional.of(lab.now));
        }
      }
      new Expiry(lab.ports()).of("orders");
      retention.pass("orders");
      if (first.isPresent()) {
        restorable(random, first.get(), window);
      }
      goes(window, grace);
    }
    return 24 * 20 - 1 - logs.files("orders").size();
  }

  private void restorable(Random random, Instant first, Duration window) {
    Instant begin = lab.now.minus(window);
    Instant from = first.isAfter(begin) ? first : begin;
    long span = Duration.between(from, lab.now).toSeconds();
    Instant wanted = from.plusSeconds(span == 0 ? 0 : random.nextInt((int) span + 1));
    List<RecoveryWindow> windows =
        RecoveryWindows.of(
            lab.catalogue.backups("orders"),
            logs.bases("orders"),
            logs.files("orders"),
            Optional.of(new WalStatus.Covered(lab.now, "7", 1)));
    assertThat(windows).as("at %s, back to %s", lab.now, wanted).hasSize(1);
    assertThat(windows.get(0).holds(wanted)).as("%s of %s", wanted, windows.get(0).from()).isTrue();
    assertThat(windows.get(0).before(wanted)).isPresent();
  }

  /** While the newest run is bad nothing goes, and nothing begins to. */
  private void goes(Duration window, Duration grace) {
    List<Backup> backups = lab.catalogue.backups("orders");
    boolean frozen =
        backups.stream()
            .max(Comparator.comparing(Backup::time))
            .filter(b -> b.state() == BackupState.FAILED)
            .isPresent();
    if (frozen) {
      return;
    }
    long anchor = anchor(backups, lab.now.minus(window));
    for (WalFile file : logs.files("orders")) {
      if (file.number() >= anchor) {
        unneeded.remove(file.number());
      } else {
        Instant since = unneeded.computeIfAbsent(file.number(), n -> lab.now);
        assertThat(since.plus(grace)).as("segment %s", file.number()).isAfter(lab.now);
      }
    }
  }

  /** Hour of the newest kept backup that was there when the window begins, or of the oldest. */
  private static long anchor(List<Backup> backups, Instant begin) {
    List<Instant> kept =
        backups.stream()
            .filter(b -> b.state() == BackupState.CREATED)
            .map(Backup::time)
            .sorted()
            .toList();
    Instant anchor = kept.isEmpty() ? BEGIN : kept.get(0);
    for (Instant one : kept) {
      anchor = one.isAfter(begin) ? anchor : one;
    }
    return Duration.between(BEGIN, anchor).toHours();
  }

  private void base(int hour, boolean good) {
    String id = String.format("orders-%06d", hour);
    lab.catalogue.insert(
        new BackupBuilder(
                id,
                "orders",
                "fake",
                BackupKind.SCHEDULED,
                good ? BackupState.CREATED : BackupState.FAILED,
                lab.now)
            .finished(Optional.of(lab.now))
            .size(good ? OptionalLong.of(1000) : OptionalLong.empty())
            .storedSize(good ? OptionalLong.of(100) : OptionalLong.empty())
            .verifiedAt(good ? Optional.of(lab.now) : Optional.empty())
            .store(Optional.of("main"))
            .error(good ? Optional.empty() : Optional.of("no"))
            .build());
    if (good) {
      long start = (long) hour * SIZE + 100;
      logs.putBase(
          "orders",
          id,
          Optional.of(new BasePoint("7", 1, SIZE, start, start + 100, Optional.empty())));
    }
  }

  private static Protection protection(Duration window, Duration grace, int last) {
    Protection p = Samples.protection("orders", Samples.keepLast(last), grace);
    return p.change().pointInTime(Optional.of(window)).build();
  }
}
