package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A database whose backups are copied into a store elsewhere, under a key of its own. */
abstract class CopyContract {
  final RunnerLab lab = new RunnerLab();
  final MemoryStore far = new MemoryStore();

  @BeforeEach
  void ordersAreCopiedToFrankfurtUnderAnotherKey() {
    lab.stores.put("frankfurt", far);
    lab.ownKeys.put("frankfurt", KeyRing.of(ArtifactKey.generate(new SecureRandom())));
    lab.protect(copied(Samples.protection("orders"), 3));
  }

  static Protection copied(Protection protection, int last) {
    return Samples.copied(protection, "dr", "frankfurt", Samples.keepLast(last));
  }

  Copying.Report copy() {
    return new Copying(lab.ports(), Places.UNLIMITED).of("orders");
  }

  void expire() {
    new Expiry(lab.ports()).of("orders");
  }

  BackupOperations operations() {
    return new RunnerPlatform(lab.ports()).operations().orElseThrow();
  }

  boolean verify(Backup backup) throws Exception {
    return operations().verify(backup.id(), Progress.NONE).good();
  }

  String download(Backup backup) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    operations().download(backup.id(), bytes, Progress.NONE);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  List<Backup> backups() {
    return lab.catalogue.backups("orders");
  }

  List<Backup> copies() {
    return backups().stream().filter(b -> b.kind() == BackupKind.COPY).toList();
  }

  static String states(List<Backup> backups) {
    return String.join(" ", backups.stream().map(b -> b.state().name()).toList());
  }

  static Backup only(List<Backup> backups) {
    assertThat(backups).hasSize(1);
    return backups.get(0);
  }

  static Instant day(int n) {
    return Samples.NOON.plus(Duration.ofDays(n));
  }

  static List<String> names(MemoryStore store) {
    return store.list("").map(StoredObject::key).toList();
  }
}
