package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.CopyOf;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Store;
import io.keepset.spi.StoreOperations.Report;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyingTest {
  private static final RestoreRequest NEW =
      new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy"));
  private static final RestoreRequest NEW_OR_COPY =
      new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy"), true);

  private final RunnerLab lab = new RunnerLab();
  private final MemoryStore far = new MemoryStore();

  @BeforeEach
  void ordersAreCopiedToFrankfurtUnderAnotherKey() {
    lab.stores.put("frankfurt", far);
    lab.ownKeys.put("frankfurt", KeyRing.of(ArtifactKey.generate(new SecureRandom())));
    lab.protect(copied(Samples.protection("orders"), 3));
  }

  private static Protection copied(Protection protection, int last) {
    return Samples.copied(protection, "dr", "frankfurt", Samples.keepLast(last));
  }

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
  void aStoreThatIsAwayCostsNothingAndIsTriedAgain() throws Exception {
    lab.stores.remove("frankfurt");
    Backup original = lab.backup("orders");

    assertThat(copy()).isEqualTo(new Copying.Report(List.of(), List.of()));
    assertThat(lab.journal).last().asString().contains("copy dr to frankfurt can't be made now");
    assertThat(lab.catalogue.find(original.id())).contains(original);

    lab.stores.put("frankfurt", far);
    assertThat(copy().made()).hasSize(1);
  }

  @Test
  void aFullDiskLeavesOneFailedEntryAndNoBytes() throws Exception {
    lab.stores.put("frankfurt", new Full(far));
    lab.backup("orders");
    lab.backup("orders");
    copy();
    Copying.Report again = copy();

    assertThat(again.made()).isEmpty();
    assertThat(only(again.failed()).error().orElseThrow()).contains("the disk is full");
    assertThat(states(copies())).isEqualTo("FAILED");
    assertThat(names(far)).isEmpty();

    lab.stores.put("frankfurt", far);
    assertThat(copy().made()).hasSize(2);
    assertThat(states(copies())).isEqualTo("CREATED CREATED");
  }

  @Test
  void aDamagedOriginalIsFoundOutAndTheOthersAreCopied() throws Exception {
    lab.backup("orders");
    Backup damaged = lab.backup("orders");
    lab.memory.poke("orders/" + damaged.id() + "/artifact", new byte[] {1, 2, 3});
    Copying.Report report = copy();

    assertThat(report.made()).hasSize(1);
    assertThat(report.failed()).hasSize(1);
    assertThat(lab.catalogue.find(damaged.id()).orElseThrow().state())
        .isEqualTo(BackupState.FAILED);
    assertThat(copy().failed()).isEmpty();
  }

  @Test
  void aCopyThatComesBackWrongIsNotBlamedOnItsOriginal() throws Exception {
    Backup original = lab.backup("orders");
    lab.stores.put("frankfurt", new Forgetful(far));
    Copying.Report report = copy();

    assertThat(report.failed()).hasSize(1);
    assertThat(lab.catalogue.find(original.id())).contains(original);
    assertThat(names(far)).isEmpty();
  }

  @Test
  void aCopyFoundBadIsMadeAnew() throws Exception {
    lab.backup("orders");
    Backup bad = only(copy().made());
    far.poke("orders/" + bad.id() + "/artifact", new byte[] {1, 2, 3});
    assertThat(verify(bad)).isFalse();

    assertThat(copy().made()).hasSize(1);
    assertThat(copies())
        .extracting(Backup::state)
        .containsExactlyInAnyOrder(BackupState.FAILED, BackupState.CREATED);
  }

  @Test
  void theCatalogueOfCopiesIsRebuiltFromTheirStoreAlone() throws Exception {
    lab.backup("orders");
    lab.backup("orders");
    copy();
    List<Backup> before = copies();
    Protection protection = lab.catalogue.protection("orders").orElseThrow();
    lab.catalogue = new InMemoryCatalogue();
    lab.catalogue.protect(protection);
    Report report = new RunnerStores(lab.ports()).rescan("frankfurt", Progress.NONE);

    assertThat(report.good()).isTrue();
    assertThat(copies()).containsExactlyElementsOf(before);
    assertThat(operations().restore(before.get(0).id(), NEW, Progress.NONE).target())
        .isEqualTo("copy");
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

  @Test
  void theLastCopyIsNotDeletedByHandAndAnOriginalDoesNotCountForIt() throws Exception {
    lab.backup("orders");
    lab.backup("orders");
    List<Backup> copies = copy().made();
    operations().delete(copies.get(0).id());

    assertThatThrownBy(() -> operations().delete(copies.get(1).id()))
        .hasMessageContaining("would be left with 0 verified copies");
    Backup first = Copies.originals(backups()).get(0);
    Backup second = Copies.originals(backups()).get(1);
    operations().delete(first.id());
    assertThatThrownBy(() -> operations().delete(second.id()))
        .hasMessageContaining("would be left with 0 verified backups");
  }

  @Test
  void aCopyStandsInForADamagedOriginalIfThatWillDo() throws Exception {
    Backup original = lab.backup("orders");
    Backup copy = only(copy().made());
    lab.memory.poke("orders/" + original.id() + "/artifact", new byte[] {1, 2, 3});

    assertThatThrownBy(() -> operations().restore(original.id(), NEW, Progress.NONE))
        .hasMessageContaining("is damaged");
    assertThat(lab.engine.databases).doesNotContainKey("copy");
    RestoreReport report = operations().restore(original.id(), NEW_OR_COPY, Progress.NONE);
    assertThat(report.notes().get(0)).contains("from its copy " + copy.id(), "can't be read");
    assertThat(lab.engine.databases).containsEntry("copy", "contents of orders");
    assertThat(states(copies())).isEqualTo("CREATED");
  }

  @Test
  void aCopyStandsInForAnOriginalWhoseStoreIsGone() throws Exception {
    Backup original = lab.backup("orders");
    copy();
    lab.stores.remove("main");

    assertThat(operations().restore(original.id(), NEW_OR_COPY, Progress.NONE).notes().get(0))
        .contains("in store frankfurt", "no store main is declared");
    assertThat(states(backups())).isEqualTo("CREATED CREATED");
  }

  @Test
  void noCopyStandsInWhereTheTargetRefuses() throws Exception {
    Backup original = lab.backup("orders");
    copy();
    lab.engine.refusesRestore = true;

    assertThatThrownBy(() -> operations().restore(original.id(), NEW_OR_COPY, Progress.NONE))
        .hasMessageContaining("version 2");
  }

  @Test
  void aSuspiciousBackupHasASuspiciousCopy() throws Exception {
    lab.engine.databases.put("orders", "x".repeat(100_000));
    lab.backup("orders");
    lab.engine.databases.put("orders", "x");
    Backup small = lab.backup("orders");
    assertThat(small.suspicious()).isTrue();
    copy();

    assertThat(only(Copies.of(backups(), small.id())).suspicious()).isTrue();
  }

  @Test
  void whereNoPlaceIsFreeNothingIsCopiedYet() throws Exception {
    lab.backup("orders");

    assertThat(new Copying(lab.ports(), store -> Optional.empty()).of("orders").made()).isEmpty();
    assertThat(copies()).isEmpty();
  }

  private Copying.Report copy() {
    return new Copying(lab.ports(), Places.UNLIMITED).of("orders");
  }

  private void expire() {
    new Expiry(lab.ports()).of("orders");
  }

  private BackupOperations operations() {
    return new RunnerPlatform(lab.ports()).operations().orElseThrow();
  }

  private boolean verify(Backup backup) throws Exception {
    return operations().verify(backup.id(), Progress.NONE).good();
  }

  private String download(Backup backup) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    operations().download(backup.id(), bytes, Progress.NONE);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private List<Backup> backups() {
    return lab.catalogue.backups("orders");
  }

  private List<Backup> copies() {
    return backups().stream().filter(b -> b.kind() == BackupKind.COPY).toList();
  }

  private static String states(List<Backup> backups) {
    return String.join(" ", backups.stream().map(b -> b.state().name()).toList());
  }

  private static Backup only(List<Backup> backups) {
    assertThat(backups).hasSize(1);
    return backups.get(0);
  }

  private static Instant day(int n) {
    return Samples.NOON.plus(Duration.ofDays(n));
  }

  private static List<String> names(MemoryStore store) {
    return store.list("").map(StoredObject::key).toList();
  }

  /** Takes small probes, but no artifact. */
  private record Full(Store inner) implements Store {
    @Override
    public String describe() {
      return inner.describe();
    }

    @Override
    public StoreWriter create(String key) throws DriverException {
      StoreWriter writer = inner.create(key);
      return new StoreWriter() {
        @Override
        public OutputStream stream() {
          return new OutputStream() {
            @Override
            public void write(int b) throws BrokenStream {
              throw new BrokenStream(new DriverException(Kind.REJECTED, "the disk is full"));
            }
          };
        }

        @Override
        public void commit() {}

        @Override
        public void close() {
          writer.close();
        }
      };
    }

    @Override
    public InputStream open(String key) throws DriverException {
      return inner.open(key);
    }

    @Override
    public Stream<StoredObject> list(String prefix) throws DriverException {
      return inner.list(prefix);
    }

    @Override
    public void delete(String key) throws DriverException {
      inner.delete(key);
    }

    @Override
    public int cleanLeftovers(Instant olderThan) throws DriverException {
      return inner.cleanLeftovers(olderThan);
    }

    @Override
    public void check() {}

    @Override
    public void close() {}
  }

  /** Gives back other bytes than it was given. */
  private record Forgetful(Store inner) implements Store {
    @Override
    public String describe() {
      return inner.describe();
    }

    @Override
    public StoreWriter create(String key) throws DriverException {
      return inner.create(key);
    }

    @Override
    public InputStream open(String key) {
      return InputStream.nullInputStream();
    }

    @Override
    public Stream<StoredObject> list(String prefix) throws DriverException {
      return inner.list(prefix);
    }

    @Override
    public void delete(String key) throws DriverException {
      inner.delete(key);
    }

    @Override
    public int cleanLeftovers(Instant olderThan) throws DriverException {
      return inner.cleanLeftovers(olderThan);
    }

    @Override
    public void check() {}

    @Override
    public void close() {}
  }
}
