package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.Samples;
import io.keepset.spi.Store;
import io.keepset.spi.wal.WalScan;
import io.keepset.wal.FakeLog;
import io.keepset.wal.InMemoryWalCatalogue;
import io.keepset.wal.WalArchive;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalFile;
import io.keepset.wal.WalStatus;
import io.keepset.wal.WalWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a keeper does when the store, the receiver or the server's history fails. */
class WalKeeperTest {
  private static final int SIZE = FakeLog.SIZE;

  @TempDir private Path data;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();
  private WalKeeper keeper;
  private Path spool;

  @BeforeEach
  void start() {
    lab.engine.log = Optional.of(log);
    lab.protect(protection());
    spool = data.resolve("wal/orders").resolve(FakeLog.SYSTEM);
    keeper = new WalKeeper(lab.ports(), catalogue, new Spool(data), "orders");
    log.written = SIZE;
    turns(2);
    assertThat(log.receivers).as("%s", catalogue.status("orders")).isEqualTo(1);
  }

  @AfterEach
  void end() {
    keeper.close();
  }

  @Test
  void aReceiverThatEndsIsStartedAgainWhileTheStoreFails() throws Exception {
    Instant fails = lab.now.plus(Duration.ofMinutes(1));
    lab.stores.remove("main");
    finish(1, 1);
    log.death = Optional.of("connection lost");

    turns(3);

    assertThat(log.receivers).isEqualTo(2);
    assertThat(status().error()).hasValueSatisfying(e -> assertThat(e).contains("no store main"));
    assertThat(status().errorSince()).contains(fails);
  }

  @Test
  void aFullSpoolEndsReceivingWhileTheStoreFailsAndGoesOnAfterwards() throws Exception {
    Store main = lab.stores.remove("main");
    for (int number = 1; number <= 3; number++) {
      finish(1, number);
    }

    turns(1);
    assertThat(log.receiving).isFalse();

    lab.stores.put("main", main);
    turns(1);
    assertThat(log.receiving).isTrue();
    assertThat(catalogue.files("orders")).hasSize(3);
  }

  @Test
  void whatWasReceivedBeforeASlotWasLostIsArchivedFirst() throws Exception {
    Path open = spool.resolve(FakeLog.name(1, 2) + ".partial");
    finish(1, 1);
    FakeLog.write(open, 1, 2, 100);
    turns(1);
    FakeLog.write(open, 1, 2, 900);
    Store main = lab.stores.remove("main");
    log.death = Optional.of("requested segment has already been removed");

    turns(1);
    assertThat(open).as("it is nowhere else").exists();

    lab.stores.put("main", main);
    turns(1);
    log.death = Optional.of("requested segment has already been removed");
    keeper.turn();

    assertThat(catalogue.find("orders", FakeLog.SYSTEM, FakeLog.name(1, 2)).flatMap(WalFile::scan))
        .map(WalScan::end)
        .contains(2L * SIZE + 900);
    assertThat(open).doesNotExist();
    assertThat(spool.resolve(FakeLog.name(1, 1))).doesNotExist();
    assertThat(log.released).isEqualTo(1);
  }

  @Test
  void aNewTimelineIsNotCoveredByTheLogOfTheOldOne() throws Exception {
    for (int number = 1; number <= 9; number++) {
      finish(1, number);
      turns(1);
    }
    Optional<Instant> before = status().coveredUntil();
    log.timeline = 2;
    log.written = 5L * SIZE;
    log.death = Optional.of("requested starting point is not in this server's history");

    turns(3);
    assertThat(status().coveredUntil()).isEqualTo(before);
    assertThat(lab.journal).anyMatch(line -> line.contains("make a base backup"));
    assertThat(log.receivers).isEqualTo(2);
    assertThat(spool).isEmptyDirectory();

    finish(2, 5);
    turns(1);
    assertThat(status().coveredUntil()).contains(lab.now);
  }

  @Test
  void aTimelineIsFollowedFromWhereItBegan() throws Exception {
    for (int number = 1; number <= 9; number++) {
      finish(1, number);
      turns(1);
    }
    log.timeline = 2;
    log.left = 5L * SIZE + 100;
    log.written = 6L * SIZE;
    log.death = Optional.of("requested starting point is not in this server's history");

    turns(3);

    assertThat(lab.journal).noneMatch(line -> line.contains("make a base backup"));
    assertThat(log.receivers).isEqualTo(2);
    assertThat(catalogue.find("orders", FakeLog.SYSTEM, "00000002.history"))
        .flatMap(WalFile::history)
        .hasValueSatisfying(h -> assertThat(h.left(1)).contains(5L * SIZE + 100));
    assertThat(spool.toFile().list())
        .as("behind it a receiver goes on")
        .containsExactly(FakeLog.name(1, 4));
  }

  @Test
  void housekeepingOfAServerAtRestIsNoLag() throws Exception {
    log.quiet = OptionalLong.of(77);
    log.written = SIZE + 500;
    turns(1);
    finish(1, 1);
    log.written = 2L * SIZE + 100;

    turns(30);

    assertThat(status().coveredUntil()).contains(lab.now);
    assertThat(status().behindSince()).isEmpty();
    log.quiet = OptionalLong.of(78);
    Instant before = lab.now;
    turns(2);
    assertThat(status().coveredUntil()).as("something was committed").contains(before);
    assertThat(status().behindSince()).isPresent();
  }

  /** With {@code wal: push} and an archive_timeout that is over before it is asked again. */
  @Test
  void aSegmentThatHoldsHousekeepingAloneIsNoLagThoughItIsNeverFinished() throws Exception {
    push(Optional.of(Duration.ofSeconds(10)));
    log.quiet = OptionalLong.of(77);
    log.written = 2L * SIZE + 100;

    turns(1);
    assertThat(status().behindSince()).as("it may be a commit").isPresent();
    turns(30);

    assertThat(status().behindSince()).isEmpty();
    assertThat(status().coveredUntil()).contains(lab.now);
    assertThat(new WalWatch(lab.catalogue, catalogue).problems(lab.now))
        .noneMatch(problem -> problem.code().equals("watch.wal_lag"));
    log.quiet = OptionalLong.of(78);
    turns(2);
    assertThat(status().behindSince()).as("something was committed").isPresent();
    log.written = 3L * SIZE + 100;
    turns(30);
    assertThat(status().behindSince()).as("a segment is missing").isPresent();
  }

  @Test
  void aServerWithoutArchiveTimeoutLagsUntilItFinishesItsSegment() throws Exception {
    push(Optional.empty());
    log.quiet = OptionalLong.of(77);
    log.written = 2L * SIZE + 100;

    turns(30);

    assertThat(new WalWatch(lab.catalogue, catalogue).problems(lab.now))
        .anyMatch(problem -> problem.code().equals("watch.wal_lag"));
  }

  /** Segment 1 was pushed; the server is in segment 2. */
  private void push(Optional<Duration> archiveTimeout) throws Exception {
    log.switchesWithin = archiveTimeout;
    lab.protect(protection().withOptions(Options.of(Map.of("wal", "push"))));
    Path segment = data.resolve("pushed");
    FakeLog.write(segment, 1, 1, SIZE);
    new WalArchive(lab.ports(), catalogue)
        .put("orders", log, "main", FakeLog.name(1, 1), segment, false);
  }

  @Test
  void theSlotOfADatabaseThatLeftThePolicyIsDroppedEvenIfThatTakesAWhile() throws Exception {
    keeper.close();
    lab.catalogue.unprotect("orders");
    log.releaseFails = true;
    LeftBehind leftBehind = new LeftBehind(lab.ports(), catalogue);

    leftBehind.look("orders");
    assertThat(new WalWatch(lab.catalogue, catalogue).problems(lab.now))
        .singleElement()
        .satisfies(p -> assertThat(p.code()).isEqualTo("watch.wal_slot"))
        .satisfies(p -> assertThat(p.message()).contains("keepset_orders").contains("is down"));

    log.releaseFails = false;
    leftBehind.look("orders");
    assertThat(log.released).isEqualTo(1);
    assertThat(catalogue.status("orders")).isEmpty();
    assertThat(new WalWatch(lab.catalogue, catalogue).problems(lab.now)).isEmpty();
    assertThat(lab.journal).anyMatch(line -> line.contains("slot keepset_orders is dropped"));
  }

  private void turns(int count) {
    for (int i = 0; i < count; i++) {
      lab.now = lab.now.plus(Duration.ofMinutes(1));
      log.at = lab.now;
      keeper.turn();
    }
  }

  private void finish(int timeline, int number) throws Exception {
    FakeLog.write(spool.resolve(FakeLog.name(timeline, number)), timeline, number, SIZE);
    log.written = Math.max(log.written, (long) number * SIZE);
  }

  private WalStatus status() {
    return catalogue.status("orders").orElseThrow();
  }

  /** Room for two segments of words, and the open one is archived once an hour. */
  private static Protection protection() {
    Protection p = Samples.protection("orders");
    return p.change()
        .pointInTime(Optional.of(Duration.ofDays(7)))
        .options(Options.of(Map.of("wal_interval", "1h", "wal_spool", "25B")))
        .build();
  }
}
