package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Impact;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Store;
import io.keepset.spi.StoreOperations.Report;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A process dies at every single call that it makes to its catalogue or its stores, once just
 * before the call and once just after. Each time the next process must find everything in order.
 */
class CrashTest {
  /** What the process was about. */
  @FunctionalInterface
  private interface Story {
    void tell(RunnerLab lab) throws Exception;
  }

  @Test
  void aDayOfBackupsRestoresAndDeletionsSurvivesDeathAnywhere() throws Exception {
    dieEverywhere(CrashTest::threeBackups, CrashTest::aDay, lab -> {}, 150);
  }

  @Test
  void recoveryItselfSurvivesDeathAnywhere() throws Exception {
    dieEverywhere(
        lab -> {
          threeBackups(lab);
          leaveAMess(lab);
        },
        lab -> new Recovery(lab.ports(), Duration.ZERO).run(),
        lab -> {},
        25);
  }

  @Test
  void rescanSurvivesDeathAnywhere() throws Exception {
    dieEverywhere(
        lab -> {
          threeBackups(lab);
          leaveAMess(lab);
          String forgotten = lab.catalogue.backups("orders").get(0).id();
          Catalogue other = new InMemoryCatalogue();
          lab.catalogue.protections().values().forEach(other::protect);
          lab.catalogue.backups("orders").stream()
              .filter(b -> !b.id().equals(forgotten))
              .forEach(other::insert);
          lab.catalogue.deleting().forEach(other::insert);
          lab.catalogue = other;
        },
        lab -> new RunnerStores(lab.ports()).rescan("main", Progress.NONE),
        lab -> new RunnerStores(lab.ports()).rescan("main", Progress.NONE),
        25);
  }

  @Test
  void copyingSurvivesDeathAnywhere() throws Exception {
    dieEverywhere(
        lab -> {
          lab.withFarStore();
          threeBackups(lab);
          lab.protect(copied());
          copyAll(lab);
        },
        lab -> {
          BackupOperations backups = new RunnerPlatform(lab.ports()).operations().orElseThrow();
          for (int i = 0; i < 2; i++) {
            backups.create("orders", BackupKind.SCHEDULED, Progress.NONE);
            copyAll(lab);
            lab.now = lab.now.plus(Duration.ofDays(4));
          }
          backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE); // copies by itself
          Backup copy =
              Copies.of(lab.catalogue.backups("orders"), copied().copies().get("dr")).get(2);
          backups.restore(
              copy.id(),
              new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy")),
              Progress.NONE);
        },
        lab -> {
          lab.protect(copied());
          copyAll(lab);
          List<Backup> backups = lab.catalogue.backups("orders");
          assertThat(Copies.missing(backups, copied().copies().get("dr"), copied().zone(), lab.now))
              .isEmpty();
        },
        150);
  }

  private static Protection copied() {
    return Samples.copied(Samples.protection("orders"), "dr", "far", Samples.keepLast(2));
  }

  private static void copyAll(RunnerLab lab) {
    new Copying(lab.ports(), Places.UNLIMITED).all();
  }

  private static void threeBackups(RunnerLab lab) throws Exception {
    lab.protect(Samples.protection("orders"));
    for (int i = 0; i < 3; i++) {
      lab.backup("orders");
    }
  }

  /** Enough of everything that leaves traces. */
  private static void aDay(RunnerLab lab) throws Exception {
    BackupOperations backups = new RunnerPlatform(lab.ports()).operations().orElseThrow();
    Backup first = backups.create("orders", BackupKind.SCHEDULED, Progress.NONE);
    lab.now = lab.now.plus(Duration.ofDays(4));
    backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE); // deletes what had expired
    lab.now = lab.now.plus(Duration.ofDays(1));
    byte[] file = FakeEngine.artifact("from elsewhere").getBytes(StandardCharsets.UTF_8);
    backups.upload("orders", new ByteArrayInputStream(file), Progress.NONE);
    backups.restore(
        first.id(),
        new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy")),
        Progress.NONE);
    backups.verify(first.id(), Progress.NONE);
    backups.delete(first.id());
    lab.now = lab.now.plus(Duration.ofDays(1));
    lab.engine.halfDump = true;
    backups.create("orders", BackupKind.SCHEDULED, Progress.NONE);
    lab.engine.halfDump = false;
    Protection before = Samples.protection("orders");
    new RunnerPlatform(lab.ports())
        .apply(
            new Change(
                Action.DELETE,
                before.target(),
                Optional.of(before),
                Optional.empty(),
                List.of(),
                Impact.NONE,
                List.of(),
                List.of(),
                Optional.empty()));
  }

  /** A dead run without and one with a manifest, a dead restore, a half deletion. */
  private static void leaveAMess(RunnerLab lab) throws Exception {
    Backup incomplete = lab.backup("orders");
    Backup complete = lab.backup("orders");
    Backup restoring = lab.backup("orders");
    Backup half = lab.backup("orders");
    for (Backup dead : List.of(incomplete, complete)) {
      lab.catalogue.update(
          BackupLife.creating(
              dead.id(), "orders", "fake", BackupKind.SCHEDULED, "main", dead.time()),
          BackupState.CREATED);
    }
    lab.memory.delete("orders/" + incomplete.id() + "/manifest.json");
    lab.catalogue.update(BackupLife.restoring(restoring), BackupState.CREATED);
    lab.catalogue.update(BackupLife.deleted(half), BackupState.CREATED);
    lab.memory.delete("orders/" + half.id() + "/manifest.json");
  }

  /**
   * @param repair what somebody has to do by hand afterwards
   */
  private static void dieEverywhere(Story before, Story story, Story repair, int least)
      throws Exception {
    int survived = 0;
    for (boolean afterEffect : new boolean[] {false, true}) {
      int n = 1;
      while (live(before, story, repair, n, afterEffect).dead()) {
        n++;
      }
      survived = n;
    }
    assertThat(survived).as("a story long enough to die in").isGreaterThan(least);
  }

  private static Mortality live(Story before, Story story, Story repair, int n, boolean afterEffect)
      throws Exception {
    RunnerLab lab = new RunnerLab();
    before.tell(lab);
    Catalogue catalogue = lab.catalogue;
    Mortality mortality = new Mortality(moment -> moment.number() == n, afterEffect, () -> {});
    lab.catalogue = mortality.wrap(catalogue);
    TreeMap<String, Store> stores = new TreeMap<>(lab.stores);
    lab.stores.replaceAll((name, store) -> mortality.wrap(store));
    try {
      story.tell(lab);
    } catch (Mortality.Dead e) {
      // as foretold
    }
    lab.catalogue = catalogue;
    lab.stores = stores;
    lab.leases = new LocalLeases();
    lab.engine.halfDump = false;
    afterwards(lab, repair, "death " + (afterEffect ? "after" : "at") + " call " + n);
    return mortality;
  }

  /** What the next process does and must find. */
  private static void afterwards(RunnerLab lab, Story repair, String when) throws Exception {
    List<Backup> counted =
        lab.catalogue.inState(
            EnumSet.of(BackupState.CREATED, BackupState.EXPIRED, BackupState.RESTORING));
    lab.now = lab.now.plusSeconds(1);
    new Recovery(lab.ports(), Duration.ZERO).run();

    assertThat(lab.catalogue.inState(EnumSet.of(BackupState.CREATING, BackupState.RESTORING)))
        .as(when)
        .isEmpty();
    assertThat(lab.catalogue.deleting()).as(when).isEmpty();
    for (Backup backup : counted) {
      assertThat(lab.catalogue.find(backup.id()).orElseThrow().state())
          .as(when + ": " + backup.id())
          .isIn(BackupState.CREATED, BackupState.EXPIRED);
    }
    repair.tell(lab);
    for (String store : lab.stores.keySet()) {
      Report check = new RunnerStores(lab.ports()).check(store, true, Progress.NONE);
      assertThat(check.findings()).as(when).extracting(Diagnostic::message).isEmpty();
    }
    assertThat(lab.memory.cleanLeftovers(lab.now)).as(when).isZero();
    assertThat(lab.far.cleanLeftovers(lab.now)).as(when).isZero();
    assertThat(new Recovery(lab.ports(), Duration.ZERO).run())
        .as(when)
        .isEqualTo(new Recovery.Report(0, 0, 0, 0, 0));
    lab.protect(Samples.protection("orders"));
    assertThat(lab.backup("orders").state()).as(when).isEqualTo(BackupState.CREATED);
  }
}
