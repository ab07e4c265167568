package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Impact;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunnerPlatformTest {
  private static final RestoreRequest NEW = new RestoreRequest(Mode.NEW, Optional.of("copy"));
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());

  private final RunnerLab lab = new RunnerLab().protect(Samples.protection("orders"));

  @Test
  void refusesAtPlanTimeWhatItCanNotDo() {
    Protection good = Samples.protection("orders");
    Protection bad =
        good.change()
            .engine("fak")
            .schedules(new TreeMap<>())
            .pointInTime(Optional.empty())
            .finalBackup(true)
            .suspension(Optional.empty())
            .store(Optional.of("mian"))
            .build();

    assertThat(platform().capabilities().unsupported(good)).isEmpty();
    assertThat(platform().capabilities().unsupported(bad))
        .extracting(Diagnostic::message, Diagnostic::hint, Diagnostic::pointer)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "the runner has no engine fak", "did you mean fake?", "engine"),
            org.assertj.core.groups.Tuple.tuple(
                "no store mian is declared", "did you mean main?", "store"),
            org.assertj.core.groups.Tuple.tuple(
                "the runner needs a schedule to make backups by",
                "give its policy one: schedule: {nightly: {cron: \"0 2 * * *\"}}",
                "schedule"));
  }

  @Test
  void whileARestoreMakesSomethingNewNoOtherOneMay() throws Exception {
    Backup one = lab.backup("orders");
    Backup other = lab.backup("orders");
    BackupOperations operations = platform().operations().orElseThrow();
    AtomicReference<Throwable> second = new AtomicReference<>();
    lab.engine.duringRestore =
        () -> {
          lab.engine.duringRestore = () -> {};
          second.set(catchThrowable(() -> operations.restore(other.id(), NEW, Progress.NONE)));
        };

    operations.restore(one.id(), NEW, Progress.NONE);

    assertThat(second.get()).hasMessageContaining("another restore works on copy");
    operations.restore(other.id(), NEW, Progress.NONE);
  }

  @Test
  void aRemovedDatabaseGetsItsFinalBackupAndKeepsAll() throws Exception {
    lab.backup("orders");
    platform().apply(removal("orders"));
    platform().apply(removal("orders"));

    assertThat(lab.catalogue.protections()).isEmpty();
    assertThat(lab.catalogue.backups("orders"))
        .extracting(Backup::kind)
        .containsExactly(BackupKind.SCHEDULED, BackupKind.FINAL);
    assertThat(platform().read().targets().get("orders").protection()).isEmpty();
  }

  @Test
  void anInterruptedRemovalTakesNoSecondFinalBackup() throws Exception {
    platform().apply(removal("orders"));
    lab.protect(Samples.protection("orders"));
    platform().apply(removal("orders"));

    assertThat(lab.catalogue.backups("orders")).hasSize(1);
  }

  @Test
  void aDatabaseWhoseFinalBackupFailsStaysProtected() {
    lab.engine.databases.clear();

    assertThatThrownBy(() -> platform().apply(removal("orders")))
        .hasMessageContaining("connection refused")
        .hasMessageContaining("set final_backup: false");
    assertThat(lab.catalogue.protections()).containsKey("orders");
  }

  @Test
  void aDisabledDatabaseIsReleasedWithoutOne() throws Exception {
    Protection p = Samples.protection("orders");
    lab.catalogue.protect(
        p.change()
            .finalBackup(true)
            .suspension(Optional.of(new Suspension(true, "cache", Optional.empty())))
            .build());
    platform().apply(removal("orders"));

    assertThat(lab.catalogue.protections()).isEmpty();
    assertThat(lab.catalogue.backups("orders")).isEmpty();
  }

  @Test
  void downloadGivesTheEnginesOwnFile() throws Exception {
    Backup backup = lab.backup("orders");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    operations().download(backup.id(), file, Progress.NONE);

    assertThat(file).hasToString(FakeEngine.artifact("contents of orders"));
    assertThat(operations().fileName(backup.id())).isEqualTo(backup.id() + ".fake");
  }

  @Test
  void aDamagedDownloadIsAnError() throws Exception {
    Backup backup = lab.backup("orders");
    damage(backup);

    assertThatThrownBy(
            () -> operations().download(backup.id(), new ByteArrayOutputStream(), Progress.NONE))
        .hasMessageContaining("is damaged");
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);
  }

  @Test
  void aStoreThatIsAwaySaysNothingAboutTheBackup() throws Exception {
    Backup backup = lab.backup("orders");
    lab.stores.clear();

    assertThat(operations().fileName(backup.id())).isEqualTo(backup.id());
    assertThatThrownBy(
            () -> operations().download(backup.id(), new ByteArrayOutputStream(), Progress.NONE))
        .isInstanceOf(DriverException.class);
    assertThatThrownBy(() -> operations().restore(backup.id(), NEW, Progress.NONE))
        .isInstanceOf(DriverException.class);
    assertThat(lab.catalogue.find(backup.id())).contains(backup);
  }

  @Test
  void restoresIntoANewDatabaseAndOverTheOldOne() throws Exception {
    Backup backup = lab.backup("orders");
    lab.engine.databases.put("orders", "spoilt");

    assertThat(operations().restore(backup.id(), NEW, Progress.NONE).target()).isEqualTo("copy");
    assertThat(lab.engine.databases)
        .containsEntry("copy", "contents of orders")
        .containsEntry("orders", "spoilt");
    operations().restore(backup.id(), OVER, Progress.NONE);
    assertThat(lab.engine.databases).containsEntry("orders", "contents of orders");
    assertThat(lab.catalogue.find(backup.id())).contains(backup);
  }

  @Test
  void nothingIsTouchedWhenVersionsOrBytesAreWrong() throws Exception {
    Backup backup = lab.backup("orders");
    lab.engine.refusesRestore = true;
    assertThatThrownBy(() -> operations().restore(backup.id(), OVER, Progress.NONE))
        .hasMessageContaining("server of version 1");

    lab.engine.refusesRestore = false;
    damage(backup);
    lab.engine.databases.put("orders", "newer");
    assertThatThrownBy(() -> operations().restore(backup.id(), OVER, Progress.NONE))
        .hasMessageContaining("nothing was touched");
    assertThat(lab.engine.databases).containsEntry("orders", "newer");
    Backup bad = lab.catalogue.find(backup.id()).orElseThrow();
    assertThat(bad.state()).isEqualTo(BackupState.FAILED);
    assertThat(bad.error().orElseThrow()).startsWith("found bad when it was read: ");
  }

  @Test
  void whileItIsRestoredItCanNotBeDeletedNorRestoredTwice() throws Exception {
    lab.backup("orders");
    Backup backup = lab.backup("orders");
    lab.engine.duringRestore =
        () -> {
          assertThatThrownBy(() -> operations().delete(backup.id()))
              .hasMessage(backup.id() + " can't be deleted: it is being restored");
          assertThatThrownBy(() -> operations().restore(backup.id(), NEW, Progress.NONE))
              .hasMessageContaining("it is being restored already");
          assertThatThrownBy(
                  () -> operations().create("orders", BackupKind.ON_DEMAND, (a, b) -> {}))
              .hasMessageContaining("another run works on orders");
        };
    operations().restore(backup.id(), OVER, Progress.NONE);

    assertThat(lab.catalogue.find(backup.id())).contains(backup);
  }

  @Test
  void anExpiredBackupCanBeRestoredAndIsExpiredAfterwards() throws Exception {
    Backup first = lab.backup("orders");
    lab.backup("orders");
    lab.backup("orders");
    new Expiry(lab.ports()).all();
    Backup expired = lab.catalogue.find(first.id()).orElseThrow();
    assertThat(expired.state()).isEqualTo(BackupState.EXPIRED);

    operations().restore(first.id(), NEW, Progress.NONE);

    assertThat(lab.catalogue.find(first.id())).contains(expired);
  }

  @Test
  void theLastVerifiedBackupsAreNotDeleted() throws Exception {
    Backup first = lab.backup("orders");
    Backup second = lab.backup("orders");
    operations().delete(second.id());

    assertThatThrownBy(() -> operations().delete(first.id()))
        .hasMessageContaining("would be left with 0 verified backups")
        .hasMessageContaining("at least 1");
    lab.catalogue.unprotect("orders");
    operations().delete(first.id());
    assertThat(lab.keys()).isEmpty();
  }

  @Test
  void aHeldBackupIsNotDeleted() throws Exception {
    lab.backup("orders");
    Backup backup = lab.backup("orders");
    lab.holds = b -> List.of("hold case-1234");

    assertThatThrownBy(() -> operations().delete(backup.id()))
        .hasMessage(backup.id() + " can't be deleted: it is kept by hold case-1234");
  }

  @Test
  void aBackupThatIsFoundBadCountsNoMore() throws Exception {
    Backup backup = lab.backup("orders");
    assertThat(operations().verify(backup.id(), Progress.NONE).good()).isTrue();
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().verifiedAt()).contains(lab.now);
    damage(backup);

    assertThat(operations().verify(backup.id(), Progress.NONE).good()).isFalse();
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);
  }

  @Test
  void aNewBackupLetsRetentionExpireOthers() throws Exception {
    for (int i = 0; i < 3; i++) {
      operations().create("orders", BackupKind.SCHEDULED, Progress.NONE);
      lab.now = lab.now.plus(Duration.ofDays(1));
    }

    assertThat(lab.catalogue.backups("orders"))
        .extracting(Backup::state)
        .containsExactly(BackupState.EXPIRED, BackupState.CREATED, BackupState.CREATED);
  }

  @Test
  void anUnknownBackupIsRefusedWithTheNearestName() throws Exception {
    Backup backup = lab.backup("orders");
    String typo = backup.id().substring(0, backup.id().length() - 1) + "!";

    assertThatThrownBy(() -> operations().verify(typo, Progress.NONE))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("there is no backup " + typo);
    assertThatThrownBy(() -> operations().delete(backup.id().replace("2026112", "2026111")))
        .hasMessageEndingWith("(did you mean " + backup.id() + "?)");
  }

  private void damage(Backup backup) {
    String key = "orders/" + backup.id() + "/artifact";
    byte[] bytes = lab.memory.peek(key).orElseThrow().clone();
    bytes[bytes.length - 1] ^= 1;
    lab.memory.poke(key, bytes);
  }

  private RunnerPlatform platform() {
    return new RunnerPlatform(lab.ports());
  }

  private BackupOperations operations() {
    return platform().operations().orElseThrow();
  }

  private Change removal(String database) {
    Protection before = Samples.protection(database);
    return new Change(
        Action.DELETE,
        before.target(),
        Optional.of(before),
        Optional.empty(),
        List.of(),
        Impact.NONE,
        List.of(),
        List.of(),
        Optional.empty());
  }
}
