package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupRunTest {
  private final RunnerLab lab = new RunnerLab().protect(Samples.protection("orders"));

  @Test
  void aGoodRunEndsAsAVerifiedBackup() throws Exception {
    Backup backup = lab.backup("orders");

    assertThat(backup.state()).isEqualTo(BackupState.CREATED);
    assertThat(backup.verifiedAt()).contains(Samples.NOON);
    assertThat(backup.size()).hasValue("FAKE:contents of orders:END".length());
    assertThat(backup.id()).matches("orders-20261121T120000Z-[0-9a-z]{4}");
    assertThat(lab.catalogue.backups("orders")).containsExactly(backup);
    assertThat(lab.keys())
        .containsExactly(
            "orders/" + backup.id() + "/artifact",
            "orders/" + backup.id() + "/attachment-globals.txt",
            "orders/" + backup.id() + "/manifest.json");
  }

  @Test
  void aRunSaysHowLargeTheLastOneWas() throws Exception {
    List<Long> expected = new ArrayList<>();
    Progress heard =
        new Progress() {
          @Override
          public void at(long done, long total) {}

          @Override
          public void expect(long bytes) {
            expected.add(bytes);
          }
        };

    new BackupRun(lab.ports()).dump("orders", BackupKind.SCHEDULED, heard);
    assertThat(expected).isEmpty();
    new BackupRun(lab.ports()).dump("orders", BackupKind.SCHEDULED, heard);

    assertThat(expected).containsExactly((long) "FAKE:contents of orders:END".length());
  }

  @Test
  void theManifestTellsAllThatTheCatalogueKnows() throws Exception {
    Backup backup = lab.backup("orders");
    Manifest manifest =
        new BackupFolder(lab.ports().stores().open("main"), "orders", backup.id()).manifest();

    assertThat(manifest.facts().values()).containsEntry("length", "18");
    assertThat(manifest.labels()).containsEntry("tier", "prod");
    assertThat(manifest.attachments()).containsOnlyKeys("globals.txt");
    assertThat(new Entries(lab.ports()).fresh(manifest, "main", manifest.verified().orElseThrow()))
        .isEqualTo(backup);
  }

  @Test
  void aDumpThatFailsAtItsVeryEndLeavesNothing() throws Exception {
    lab.engine.failLate = Optional.of(new DriverException(Kind.TRANSIENT, "pg_dump ended with 1"));

    assertFailed("pg_dump ended with 1");
  }

  @Test
  void anEmptyDumpIsNoBackup() throws Exception {
    lab.engine.emptyDump = true;

    assertFailed("the dump is empty");
  }

  @Test
  void aHalfDumpIsNoBackupThoughItsToolSaidSo() throws Exception {
    lab.engine.halfDump = true;

    assertFailed("what was written did not pass its check: it is no whole fake dump");
  }

  @Test
  void aDumpThatHoldsOtherThingsThanItSaidIsNoBackup() throws Exception {
    lab.engine.lyingDump = true;

    assertFailed(
        "the dump says that it wrote {length=27}, but what was written holds {length=18};"
            + " make another backup");
  }

  @Test
  void aDatabaseThatCanNotBeReachedFailsTheRun() throws Exception {
    lab.engine.databases.clear();

    assertFailed("connection refused: orders");
  }

  @Test
  void aBugOfTheEngineFailsTheRunAndIsNotHidden() {
    lab.engine.duringDump =
        () -> {
          throw new IllegalStateException("oops");
        };

    assertThatThrownBy(() -> lab.backup("orders")).hasMessage("oops");
    assertThat(lab.catalogue.backups("orders"))
        .singleElement()
        .matches(b -> b.state() == BackupState.FAILED);
    assertThat(lab.leases.tryAcquire(Leases.run("orders"))).isPresent();
  }

  @Test
  void whileOneRunWorksASecondIsRefused() throws Exception {
    lab.engine.duringDump =
        () ->
            assertThatThrownBy(
                    () ->
                        new BackupRun(lab.ports())
                            .dump("orders", BackupKind.ON_DEMAND, Progress.NONE))
                .isInstanceOf(DriverException.class)
                .hasMessage("another run works on orders right now; try again later");

    assertThat(lab.backup("orders").state()).isEqualTo(BackupState.CREATED);
    assertThat(lab.catalogue.backups("orders")).hasSize(1);
  }

  @Test
  void aRunThatWasTakenForDeadDoesNotCommit() throws Exception {
    lab.leases = name -> Optional.of(new LostLease());

    assertFailed("this run lost its lease: another node took it for dead");
  }

  /** The other node decides between the last look at the lease and the commit. */
  @Test
  void aRunThatIsTakenForDeadAsItCommitsStaysFailedAndLeavesNothing() throws Exception {
    Leases leases = new LocalLeases();
    lab.leases =
        name ->
            leases
                .tryAcquire(name)
                .map(
                    lease ->
                        new Leases.Lease() {
                          @Override
                          public boolean held() {
                            Backup running = lab.catalogue.backups("orders").get(0);
                            new Settlement(lab.ports()).of(running);
                            return true;
                          }

                          @Override
                          public void close() {
                            lease.close();
                          }
                        });

    assertFailed(Settlement.INTERRUPTED);
  }

  @Test
  void anUnknownDatabaseIsRefusedWithTheNearestName() {
    assertThatThrownBy(() -> lab.backup("order"))
        .hasMessage(
            "no policy is in force for database order (did you mean orders?); declare it and"
                + " apply");
  }

  @Test
  void aMuchSmallerBackupIsMarked() throws Exception {
    lab.engine.databases.put("orders", "x".repeat(1000));
    lab.backup("orders");
    lab.engine.databases.put("orders", "x".repeat(400));
    Backup small = lab.backup("orders");

    assertThat(small.state()).isEqualTo(BackupState.CREATED);
    assertThat(small.suspicious()).isTrue();
  }

  @Test
  void howSmallIsASettingAndZeroTurnsItOff() throws Exception {
    lab.suspiciousBelowPercent = 30;
    lab.engine.databases.put("orders", "x".repeat(1000));
    lab.backup("orders");
    lab.engine.databases.put("orders", "x".repeat(400));
    Backup small = lab.backup("orders");
    lab.suspiciousBelowPercent = 0;
    lab.engine.databases.put("orders", "x");
    Backup tiny = lab.backup("orders");

    assertThat(small.suspicious()).isFalse();
    assertThat(tiny.suspicious()).isFalse();
  }

  @Test
  void anUploadIsCheckedBeforeItCounts() throws Exception {
    BackupRun run = new BackupRun(lab.ports());
    Backup good = run.upload("orders", file(FakeEngine.artifact("from elsewhere")), Progress.NONE);
    Backup bad = run.upload("orders", file("hello"), Progress.NONE);

    assertThat(good.state()).isEqualTo(BackupState.CREATED);
    assertThat(good.kind()).isEqualTo(BackupKind.UPLOADED);
    assertThat(bad.state()).isEqualTo(BackupState.FAILED);
    assertThat(lab.keys()).allMatch(key -> key.startsWith("orders/" + good.id()));
  }

  private void assertFailed(String error) throws DriverException {
    Backup backup = lab.backup("orders");
    assertThat(backup.state()).isEqualTo(BackupState.FAILED);
    assertThat(backup.error()).contains(error);
    assertThat(lab.catalogue.find(backup.id())).contains(backup);
    assertThat(lab.keys()).isEmpty();
  }

  private static InputStream file(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private record LostLease() implements Leases.Lease {
    @Override
    public boolean held() {
      return false;
    }

    @Override
    public void close() {}
  }
}
