package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.CopyOf;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations.Report;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is copied, and how long copies stay. */
class CopyingTest extends CopyContract {
  @Test
  void aCopyIsABackupOfItsOwn() throws Exception {
    Backup original = lab.backup("orders");
    Backup copy = only(copy().made());

    assertThat(copy.kind()).isEqualTo(BackupKind.COPY);
    assertThat(copy.state()).isEqualTo(BackupState.CREATED);
    assertThat(copy.copyOf()).contains(new CopyOf(original.id(), "dr"));
    assertThat(copy.time()).isEqualTo(original.time());
    assertThat(copy.size()).isEqualTo(original.size());
    assertThat(copy.store()).contains("frankfurt");
    assertThat(copy.verifiedAt()).contains(lab.now);
    assertThat(copy.id()).isNotEqualTo(original.id());
    assertThat(download(copy)).isEqualTo(download(original));
    assertThat(verify(copy)).isTrue();
    assertThat(lab.catalogue.find(original.id())).contains(original);
  }

  @Test
  void theCopyIsSealedWithTheKeyOfItsStore() throws Exception {
    Backup original = lab.backup("orders");
    Backup copy = only(copy().made());
    Manifest manifest = new BackupFolder(lab.ports().storeOf(copy), "orders", copy.id()).manifest();

    assertThat(manifest.artifact().keyId())
        .isEqualTo(lab.ownKeys.get("frankfurt").current().map(ArtifactKey::id))
        .isNotEqualTo(lab.keys.current().map(ArtifactKey::id));
    assertThat(manifest.copyOf()).contains(new CopyOf(original.id(), "dr"));
    assertThat(manifest.attachments()).containsOnlyKeys("globals.txt");
    assertThat(manifest.facts().values()).containsEntry("length", "18");
    assertThat(new Entries(lab.ports()).fresh(manifest, "frankfurt", lab.now)).isEqualTo(copy);
  }

  @Test
  void aSecondPassFindsNothingToDo() throws Exception {
    lab.backup("orders");
    copy();

    assertThat(copy()).isEqualTo(new Copying.Report(List.of(), List.of()));
    assertThat(names(far)).hasSize(3);
  }

  @Test
  void whatTheCopysRetentionWouldNotKeepIsNotCopied() throws Exception {
    for (int i = 0; i < 5; i++) {
      lab.backup("orders");
    }

    assertThat(copy().made()).extracting(Backup::time).containsExactly(day(4), day(3), day(2));
  }

  @Test
  void oneInItsGraceIsStillCopiedIfItsCopyIsKeptForLonger() throws Exception {
    for (int i = 0; i < 3; i++) {
      lab.backup("orders");
    }
    expire();
    assertThat(states(Copies.originals(backups()))).isEqualTo("EXPIRED CREATED CREATED");

    assertThat(copy().made()).hasSize(3);
  }

  @Test
  void copiesAndOriginalsExpireEachByTheirOwnRules() throws Exception {
    for (int i = 0; i < 5; i++) {
      lab.backup("orders");
      copy();
      expire();
    }

    assertThat(states(Copies.originals(backups())))
        .isEqualTo("EXPIRED EXPIRED EXPIRED CREATED CREATED");
    assertThat(states(copies())).isEqualTo("EXPIRED EXPIRED CREATED CREATED CREATED");
  }

  @Test
  void withoutItsBlockACopyStays() throws Exception {
    for (int i = 0; i < 5; i++) {
      lab.backup("orders");
      copy();
      expire();
    }
    String before = states(copies());
    lab.protect(Samples.protection("orders"));
    lab.now = lab.now.plus(Duration.ofDays(99));
    lab.backup("orders");
    expire();

    assertThat(states(copies())).isEqualTo(before);
    assertThat(copy().made()).isEmpty();
  }

  @Test
  void aStoreMayBeHomeOfOneDatabaseAndHoldCopiesOfAnother() throws Exception {
    Protection billing = Samples.protection("billing");
    lab.protect(Samples.copied(billing, "near", "main", Samples.keepLast(1)));
    lab.backup("orders");
    lab.backup("billing");
    lab.protect(
        Samples.copied(
            Samples.copied(billing, "far", "frankfurt", Samples.keepLast(1)),
            "dr",
            "frankfurt",
            Samples.keepLast(1)));
    new Copying(lab.ports(), Places.UNLIMITED).all();

    for (String store : List.of("main", "frankfurt")) {
      Report check = new RunnerStores(lab.ports()).check(store, true, Progress.NONE);
      assertThat(check.findings()).extracting(Diagnostic::message).isEmpty();
    }
    assertThat(states(copies())).isEqualTo("CREATED");
    assertThat(lab.catalogue.backups("billing")).hasSize(3);
  }

  @Test
  void whoAsksForABackupWaitsForItsCopy() throws Exception {
    Backup made = operations().create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    assertThat(Copies.of(backups(), made.id())).hasSize(1);
  }

  @Test
  void aFinalBackupIsCopiedBeforeTheProtectionEnds() throws Exception {
    Backup made = operations().create("orders", BackupKind.FINAL, Progress.NONE);
    lab.catalogue.unprotect("orders");

    assertThat(states(Copies.of(backups(), made.id()))).isEqualTo("CREATED");
  }
}
