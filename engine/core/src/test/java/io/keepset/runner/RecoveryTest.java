package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private final RunnerLab lab = new RunnerLab().protect(Samples.protection("orders"));

  @Test
  void aRunThatWasCompleteCounts() throws Exception {
    Backup backup = lab.backup("orders");
    setBack(backup);

    assertThat(recover()).isEqualTo(new Recovery.Report(1, 0, 0, 0, 0));
    Backup now = lab.catalogue.find(backup.id()).orElseThrow();
    assertThat(now).isEqualTo(BackupLife.verified(backup, lab.now));
  }

  @Test
  void aRunWithoutManifestFailsAndLeavesNothing() throws Exception {
    Backup backup = lab.backup("orders");
    lab.memory.delete("orders/" + backup.id() + "/manifest.json");
    setBack(backup);

    Recovery.Report report = recover();
    assertThat(report).isEqualTo(new Recovery.Report(0, 1, 0, 0, 0));
    assertThat(report.any()).isTrue();
    assertThat(report.describe()).isEqualTo("runs that were not: 1");
    Backup now = lab.catalogue.find(backup.id()).orElseThrow();
    assertThat(now.state()).isEqualTo(BackupState.FAILED);
    assertThat(now.error()).contains(Settlement.INTERRUPTED);
    assertThat(lab.keys()).isEmpty();
  }

  @Test
  void aRunThatSomebodyWorksOnIsLeftAlone() throws Exception {
    Backup backup = lab.backup("orders");
    Backup creating = setBack(backup);

    try (Leases.Lease working = lab.leases.tryAcquire(Leases.run("orders")).orElseThrow()) {
      assertThat(recover()).isEqualTo(new Recovery.Report(0, 0, 0, 0, 0));
    }
    assertThat(lab.catalogue.find(backup.id())).contains(creating);
  }

  @Test
  void theNextRunSettlesADeadOneByItself() throws Exception {
    Backup dead = lab.backup("orders");
    setBack(dead);

    Backup next = lab.backup("orders");

    assertThat(next.state()).isEqualTo(BackupState.CREATED);
    assertThat(lab.catalogue.find(dead.id()).orElseThrow().state()).isEqualTo(BackupState.CREATED);
  }

  @Test
  void aStoreThatIsGoneFromThePolicyEndsItsRun() throws Exception {
    Backup backup = lab.backup("orders");
    setBack(backup);
    lab.stores.clear();

    assertThat(recover()).isEqualTo(new Recovery.Report(0, 1, 0, 0, 0));
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().error().orElseThrow())
        .endsWith("no store main is declared");
  }

  @Test
  void anInterruptedRestoreGivesItsBackupFree() throws Exception {
    Backup created = lab.backup("orders");
    Backup expired = BackupLife.expired(lab.backup("orders"), lab.now, lab.now.plusSeconds(9));
    lab.catalogue.update(BackupLife.restoring(created), BackupState.CREATED);
    lab.catalogue.update(BackupLife.restoring(expired), BackupState.CREATED);

    assertThat(recover().restores()).isEqualTo(2);
    assertThat(lab.journal)
        .last()
        .asString()
        .endsWith("the restore from it was interrupted; " + lab.engine.afterKilledRestore());
    assertThat(lab.catalogue.find(created.id())).contains(created);
    assertThat(lab.catalogue.find(expired.id())).contains(expired);
  }

  @Test
  void aHalfDeletedBackupGoesForGood() throws Exception {
    Backup backup = lab.backup("orders");
    lab.catalogue.update(BackupLife.deleted(backup), BackupState.CREATED);
    lab.memory.delete("orders/" + backup.id() + "/manifest.json");

    assertThat(recover().deletions()).isEqualTo(1);
    assertThat(lab.keys()).isEmpty();
    assertThat(lab.catalogue.deleting()).isEmpty();
  }

  @Test
  void unfinishedWritesAreRemovedByAge() throws Exception {
    lab.memory.create("orders/x/artifact");
    lab.now = lab.now.plus(Duration.ofHours(1));

    assertThat(new Recovery(lab.ports(), Duration.ofDays(1)).thorough().leftovers()).isZero();
    assertThat(new Recovery(lab.ports(), Duration.ZERO).thorough().leftovers()).isEqualTo(1);
  }

  @Test
  void withNothingUnfinishedNoStoreIsAsked() {
    lab.stores.clear();

    assertThat(recover()).isEqualTo(new Recovery.Report(0, 0, 0, 0, 0));
    assertThat(lab.journal).isEmpty();
  }

  private Recovery.Report recover() {
    return new Recovery(lab.ports(), Duration.ZERO).run();
  }

  /** The entry as it was just before the run's last step. */
  private Backup setBack(Backup created) {
    Backup creating =
        BackupLife.creating(
            created.id(), "orders", "fake", BackupKind.SCHEDULED, "main", created.time());
    assertThat(lab.catalogue.update(creating, BackupState.CREATED)).isTrue();
    assertThat(lab.catalogue.find(created.id())).isEqualTo(Optional.of(creating));
    return creating;
  }
}
