package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Store;
import io.keepset.spi.StoreOperations;
import io.keepset.spi.StoreOperations.Report;
import io.keepset.spi.StoreWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreOperationsTest {
  private final RunnerLab lab = new RunnerLab();

  @BeforeEach
  void twoDatabases() {
    lab.protect(Samples.protection("orders")).protect(Samples.protection("orders-eu"));
  }

  @Test
  void theCatalogueComesBackFromTheStoreAlone() throws Exception {
    lab.backup("orders");
    lab.backup("orders-eu");
    lab.backup("orders");
    List<Backup> before = all();
    lab.catalogue = new InMemoryCatalogue();

    Report report = rescan();

    assertThat(all()).isEqualTo(before);
    assertThat(report.changes()).hasSize(3).allMatch(c -> c.endsWith(" taken into the catalogue"));
    assertThat(report.backups()).isEqualTo(3);
    assertThat(report.good()).isTrue();
  }

  @Test
  void aSecondRescanChangesNothing() throws Exception {
    lab.backup("orders");
    lab.catalogue = new InMemoryCatalogue();
    rescan();

    assertThat(rescan().changes()).isEmpty();
    assertThat(rescan().findings()).isEmpty();
  }

  @Test
  void checkFindsWhatIsLostDamagedAndUnknown() throws Exception {
    Backup lost = lab.backup("orders");
    Backup cut = lab.backup("orders");
    Backup unknown = lab.backup("orders");
    Backup sound = lab.backup("orders-eu");
    lab.memory.delete("orders/" + lost.id() + "/manifest.json");
    truncate("orders/" + cut.id() + "/artifact");
    Catalogue forgetful = new InMemoryCatalogue();
    List.of(lost, cut, sound).forEach(forgetful::insert);
    lab.catalogue = forgetful;

    Report report = new RunnerStores(lab.ports()).check("main", false, Progress.NONE);

    assertThat(report.findings())
        .extracting(Diagnostic::code)
        .containsExactlyInAnyOrder("store.lost", "store.damaged", "store.unknown");
    assertThat(report.good()).isFalse();
    assertThat(report.changes()).isEmpty();
    assertThat(report.backups()).isEqualTo(3);
    assertThat(unknown.state()).isEqualTo(BackupState.CREATED);
  }

  @Test
  void aStoreThatCanOnlyBeReadIsCheckedAndRestoredFrom() throws Exception {
    Backup backup = lab.backup("orders");
    lab.stores.put("main", new ReadOnlyStore(lab.memory));

    Report report = new RunnerStores(lab.ports()).check("main", true, Progress.NONE);
    new RunnerPlatform(lab.ports())
        .operations()
        .orElseThrow()
        .restore(
            backup.id(),
            new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy")),
            Progress.NONE);

    assertThat(report.good()).isTrue();
    assertThat(report.backups()).isEqualTo(1);
    assertThat(report.findings()).extracting(Diagnostic::code).containsExactly("store.readonly");
    assertThat(lab.engine.databases).containsKey("copy");
  }

  /** As a share that is mounted read-only. */
  private static final class ReadOnlyStore extends SecondHandStore {
    ReadOnlyStore(Store inner) {
      super(inner);
    }

    @Override
    public StoreWriter create(String key) throws DriverException {
      throw refusal();
    }

    @Override
    public void delete(String key) throws DriverException {
      throw refusal();
    }

    @Override
    public int cleanLeftovers(Instant olderThan) throws DriverException {
      throw refusal();
    }

    @Override
    public void check() throws DriverException {
      throw refusal();
    }

    private static DriverException refusal() {
      return new DriverException(DriverException.Kind.DENIED, "read-only file system");
    }
  }

  @Test
  void onlyReadingTheDataFindsAFlippedBit() throws Exception {
    Backup bad = lab.backup("orders");
    Backup good = lab.backup("orders");
    flip("orders/" + bad.id() + "/artifact");
    StoreOperations stores = new RunnerStores(lab.ports());

    assertThat(stores.check("main", false, Progress.NONE).findings()).isEmpty();
    Report read = stores.check("main", true, Progress.NONE);

    assertThat(read.findings()).extracting(Diagnostic::code).containsExactly("store.damaged");
    assertThat(read.bytes()).isPositive();
    assertThat(lab.catalogue.find(bad.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);
    assertThat(lab.catalogue.find(good.id()).orElseThrow().verifiedAt()).contains(lab.now);
    assertThat(lab.keys()).contains("orders/" + bad.id() + "/artifact");
  }

  @Test
  void rescanMarksWhatIsGoneAndTakesItBackWhenItReturns() throws Exception {
    Backup backup = lab.backup("orders");
    lab.backup("orders");
    String manifest = "orders/" + backup.id() + "/manifest.json";
    byte[] kept = lab.memory.peek(manifest).orElseThrow();
    lab.memory.delete(manifest);

    Report gone = rescan();
    assertThat(gone.good()).isFalse();
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().error())
        .contains("its manifest is not in store main any more");

    lab.memory.poke(manifest, kept);
    Report back = rescan();
    assertThat(back.changes()).containsExactly(backup.id() + " counts again: it was FAILED");
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().state())
        .isEqualTo(BackupState.CREATED);
  }

  @Test
  void oneInItsGraceThatWasAwayKeepsItsGrace() throws Exception {
    Backup backup = lab.backup("orders");
    for (int i = 0; i < 2; i++) {
      lab.backup("orders");
    }
    new Expiry(lab.ports()).of("orders");
    Backup expired = lab.catalogue.find(backup.id()).orElseThrow();
    assertThat(expired.state()).isEqualTo(BackupState.EXPIRED);
    String artifact = "orders/" + backup.id() + "/artifact";
    byte[] whole = lab.memory.peek(artifact).orElseThrow();

    flip(artifact);
    new RunnerStores(lab.ports()).check("main", true, Progress.NONE);
    assertThat(lab.catalogue.find(backup.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);
    lab.memory.poke(artifact, whole);
    new RunnerStores(lab.ports()).check("main", true, Progress.NONE);
    assertThat(lab.catalogue.find(backup.id())).contains(BackupLife.verified(expired, lab.now));

    flip(artifact);
    new RunnerStores(lab.ports()).check("main", true, Progress.NONE);
    lab.memory.poke(artifact, whole);
    rescan();
    assertThat(lab.catalogue.find(backup.id())).contains(BackupLife.verified(expired, lab.now));
  }

  @Test
  void whatABackupLeftIsNeverSweptAway() throws Exception {
    Backup backup = lab.backup("orders");
    lab.backup("orders");
    lab.memory.delete("orders/" + backup.id() + "/manifest.json");
    rescan();
    lab.now = lab.now.plus(Duration.ofDays(9));

    assertThat(rescan().findings()).extracting(Diagnostic::code).containsExactly("store.lost");
    assertThat(lab.keys()).contains("orders/" + backup.id() + "/artifact");
  }

  @Test
  void aWrongAddressMarksNothingForGood() throws Exception {
    Backup one = lab.backup("orders");
    Backup two = lab.backup("orders");
    lab.stores.put("main", new MemoryStore(Clock.fixed(lab.now, ZoneOffset.UTC)));
    RunnerOperations operations = new RunnerOperations(lab.ports());
    operations.verify(one.id(), Progress.NONE);
    operations.verify(two.id(), Progress.NONE);
    assertThat(all()).allMatch(b -> b.state() == BackupState.FAILED);

    lab.stores.put("main", lab.memory);
    assertThat(new RunnerStores(lab.ports()).check("main", true, Progress.NONE).good()).isTrue();

    assertThat(all())
        .containsExactly(BackupLife.verified(one, lab.now), BackupLife.verified(two, lab.now));
  }

  @Test
  void whatNoKeyOpensIsNotTakenForGood() throws Exception {
    Backup backup = lab.backup("orders");
    Catalogue before = lab.catalogue;
    lab.catalogue = new InMemoryCatalogue();
    lab.keys = KeyRing.of(ArtifactKey.generate(new SecureRandom()));

    Report blind = rescan();
    assertThat(blind.good()).isFalse();
    assertThat(blind.findings()).extracting(Diagnostic::code).containsExactly("store.key");
    assertThat(blind.findings().get(0).message())
        .contains(backup.id(), RunnerLab.KEYS.current().orElseThrow().id());
    assertThat(all()).isEmpty();
    lab.catalogue = before;
    Report known = new RunnerStores(lab.ports()).check("main", true, Progress.NONE);
    assertThat(known.findings()).extracting(Diagnostic::code).containsExactly("store.key");
    assertThat(all()).containsExactly(backup);

    lab.catalogue = new InMemoryCatalogue();
    lab.keys = RunnerLab.KEYS;
    assertThat(rescan().good()).isTrue();
    assertThat(all()).containsExactly(backup);
  }

  @Test
  void aStoreNamesTheKeyItWasWrittenWith() throws Exception {
    assertThat(SealedStore.keyOf("main", lab.memory)).isEmpty();
    lab.backup("orders");

    assertThat(SealedStore.keyOf("main", lab.memory))
        .contains(RunnerLab.KEYS.current().orElseThrow().id());
  }

  @Test
  void anEmptyStoreIsTakenForOneThatIsNotMounted() throws Exception {
    Backup backup = lab.backup("orders");
    for (String key : lab.keys()) {
      lab.memory.delete(key);
    }

    assertThatThrownBy(this::rescan)
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("is it mounted");
    assertThat(lab.catalogue.find(backup.id())).contains(backup);
  }

  @Test
  void oldStraysAreRemovedYoungOnesAreNot() throws Exception {
    lab.memory.poke("orders/orders-20260101T000000Z-aaaa/artifact", new byte[3]);
    lab.memory.poke("somebody/elses/file/x", new byte[3]);

    Report young = rescan();
    assertThat(young.findings()).extracting(Diagnostic::code).containsExactly("store.stray");
    lab.now = lab.now.plus(Duration.ofDays(2));
    Report old = rescan();

    assertThat(old.changes()).hasSize(1);
    assertThat(lab.keys()).containsExactly("somebody/elses/file/x");
  }

  @Test
  void aDeletedBackupWhoseBytesCameBackCountsAgain() throws Exception {
    Backup backup = lab.backup("orders");
    Backup deleted = BackupLife.gone(BackupLife.deleted(backup));
    lab.catalogue.update(deleted, BackupState.CREATED);

    rescan();

    assertThat(lab.catalogue.find(backup.id())).contains(backup);
  }

  @Test
  void aForeignManifestIsNotTakenForTheBackupBesideIt() throws Exception {
    Backup one = lab.backup("orders");
    Backup two = lab.backup("orders");
    lab.memory.poke(
        "orders/" + two.id() + "/manifest.json",
        lab.memory.peek("orders/" + one.id() + "/manifest.json").orElseThrow());
    lab.catalogue = new InMemoryCatalogue();

    Report report = rescan();

    assertThat(all()).extracting(Backup::id).containsExactly(one.id());
    assertThat(report.findings()).extracting(Diagnostic::code).containsExactly("store.damaged");
  }

  private Report rescan() throws DriverException {
    return new RunnerStores(lab.ports()).rescan("main", Progress.NONE);
  }

  private List<Backup> all() {
    return lab.catalogue.databases().stream()
        .flatMap(name -> lab.catalogue.backups(name).stream())
        .collect(Collectors.toList());
  }

  private void truncate(String key) {
    byte[] bytes = lab.memory.peek(key).orElseThrow();
    lab.memory.poke(key, Arrays.copyOf(bytes, bytes.length - 1));
  }

  private void flip(String key) {
    byte[] bytes = lab.memory.peek(key).orElseThrow().clone();
    bytes[bytes.length / 2] ^= 1;
    lab.memory.poke(key, bytes);
  }
}
