package io.keepset.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Options;
import io.keepset.policy.StoreSpec;
import io.keepset.retention.BackupKind;
import io.keepset.runner.OpenStore;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.Fingerprint;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.source.JsonText;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.StoreWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFactoryTest {
  private static final Fingerprint PRINT = Fingerprint.sha256(3, "0".repeat(64));
  @TempDir private Path data;
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
  private final ArtifactKey own = ArtifactKey.generate(new SecureRandom());
  private KeyFile file;
  private StoreFactory stores;

  @BeforeEach
  void factory() {
    file = new KeyFile(data, notices::add);
    stores = new StoreFactory(reference -> new Secret(own.reveal()), file);
  }

  @Test
  void aKeyIsMadeOnceAndTheNoteIsLoud() throws Exception {
    String first = keyOf(open(Map.of()));
    String second = keyOf(open(Map.of()));

    assertThat(second).isEqualTo(first);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0))
        .contains(file.path().toString(), first, "NO BACKUP CAN BE RESTORED", "copy it now")
        .doesNotContain(Files.readAllLines(file.path()).get(2));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path().getParent())))
        .isEqualTo("rwx------");
    try (var files = Files.list(file.path().getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void manyWhoAskAtOnceGetTheSameKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Set<String> ids = new HashSet<>();
    try {
      List<Future<String>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        asked.add(threads.submit(() -> keyOf(open(Map.of()))));
      }
      for (Future<String> one : asked) {
        ids.add(one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ids).hasSize(1);
    assertThat(notices).hasSize(1);
  }

  @Test
  void noKeyIsMadeBesideBackupsThatAnotherOneSealed() throws Exception {
    OpenStore before = open(Map.of());
    String id = "orders-20261121T020700Z-x7k2";
    String wanted = keyOf(before);
    SealedObject artifact =
        new SealedObject(Manifest.artifactKey("orders", id), PRINT, PRINT, Optional.of(wanted));
    Instant time = Instant.parse("2026-11-21T02:07:00Z");
    Manifest manifest =
        new Manifest(
            "test",
            id,
            "orders",
            "volume",
            BackupKind.SCHEDULED,
            time,
            time,
            Optional.of(time),
            new ArtifactFacts("tar", new TreeMap<>()),
            artifact,
            new TreeMap<>(),
            List.of(),
            new TreeMap<>(),
            Optional.empty());
    try (StoreWriter writer = before.store().create(Manifest.manifestKey("orders", id))) {
      writer.stream().write(JsonText.write(manifest.toNode()).getBytes(StandardCharsets.UTF_8));
      writer.commit();
    }
    Path copy = data.resolve("copy");
    Files.move(file.path(), copy);

    DriverException e = catchThrowableOfType(DriverException.class, () -> open(Map.of()));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining(wanted).hasMessageContaining(file.path().toString());
    assertThat(file.path()).doesNotExist();
    Files.move(copy, file.path());
    assertThat(keyOf(open(Map.of()))).isEqualTo(wanted);
  }

  @Test
  void aKeyOfOnesOwnIsUsedAndNoneIsMade() throws Exception {
    assertThat(keyOf(open(Map.of("encryption.key", "env:KEY")))).isEqualTo(own.id());
    assertThat(file.path()).doesNotExist();
  }

  @Test
  void encryptionCanBeTurnedOff() throws Exception {
    KeyRing keys = open(Map.of("encryption.disabled", "true")).keys();

    assertThat(keys.current()).isEmpty();
    assertThat(file.path()).doesNotExist();
  }

  @Test
  void aDamagedKeyFileIsSaidWithoutShowingIt() throws Exception {
    open(Map.of());
    Files.writeString(file.path(), "secret-looking-but-wrong");

    DriverException e = catchThrowableOfType(DriverException.class, () -> open(Map.of()));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining(file.path().toString());
    assertThat(e.getMessage()).doesNotContain("secret-looking");
  }

  @Test
  void opensBothKindsOfStores() throws Exception {
    assertThat(open(Map.of()).store().describe()).isEqualTo("directory " + data.resolve("store"));
    StoreSpec s3 = spec("s3", Map.of("bucket", "acme", "prefix", "k"));
    assertThat(stores.open(s3, () -> true).store().describe())
        .isEqualTo("s3 bucket acme, prefix k/");
    assertThat(
            catchThrowableOfType(
                DriverException.class, () -> stores.open(spec("tape", Map.of()), () -> true)))
        .hasMessageContaining("of type tape");
  }

  private OpenStore open(Map<String, String> options) throws DriverException {
    Map<String, String> all = new TreeMap<>(options);
    all.put("path", data.resolve("store").toString());
    return stores.open(spec("directory", all), () -> true);
  }

  private static StoreSpec spec(String type, Map<String, String> options) {
    return new StoreSpec("main", type, Options.of(options), new Location("x.yaml", 1, 1));
  }

  private static String keyOf(OpenStore store) {
    return store.keys().current().orElseThrow().id();
  }
}
