package io.keepset.app.http;

import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A platform in memory, with switches for what can go wrong. */
final class FakePlatform implements Platform, BackupOperations {
  final TreeMap<String, LiveTarget> targets = new TreeMap<>();
  final TreeMap<String, Backup> backups = new TreeMap<>();
  final List<RestoreRequest> restores = new ArrayList<>();
  byte[] content = "the bytes of a dump".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  byte @Nullable [] uploaded;
  @Nullable DriverException trouble;
  @Nullable RuntimeException bug;
  int breakAfter = -1;
  String extension = ".tar";
  @Nullable String failure;
  @Nullable CountDownLatch started;
  @Nullable CountDownLatch mayEnd;

  @Override
  public Capabilities capabilities() {
    return protection -> List.of();
  }

  @Override
  public Protection normalize(Protection desired) {
    return desired;
  }

  @Override
  public synchronized Inventory read() throws DriverException {
    fail();
    return new Inventory(targets);
  }

  @Override
  public synchronized SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    TreeMap<String, List<Backup>> found = new TreeMap<>();
    for (String database : databases) {
      found.put(
          database, backups.values().stream().filter(b -> b.database().equals(database)).toList());
    }
    return found;
  }

  @Override
  public synchronized void apply(Change change) {
    Optional<Protection> protection =
        change.action() == Action.DELETE ? Optional.empty() : change.after();
    targets.put(change.target().name(), new LiveTarget(change.target(), protection, true));
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.of(this);
  }

  @Override
  public Backup create(String database, BackupKind kind, Progress progress) throws DriverException {
    fail();
    progress.expect(7);
    progress.at(5, 10);
    await();
    Backup backup = backup(database + "-20261121T020700Z-0001", database, kind);
    if (failure != null) {
      backup = failed(backup, failure);
    }
    synchronized (this) {
      backups.put(backup.id(), backup);
    }
    return backup;
  }

  private void await() {
    if (started != null && mayEnd != null) {
      started.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Backup backup(String id, String database, BackupKind kind) {
    return new BackupBuilder(
            id,
            database,
            "volume",
            kind,
            BackupState.CREATED,
            Instant.parse("2026-11-21T02:07:00Z"))
        .size(OptionalLong.of(19))
        .store(Optional.of("main"))
        .build();
  }

  private static Backup failed(Backup b, String error) {
    return new BackupBuilder(
            b.id(), b.database(), b.engine(), b.kind(), BackupState.FAILED, b.time())
        .finished(Optional.of(b.time()))
        .store(b.store())
        .error(Optional.of(error))
        .build();
  }

  @Override
  public String fileName(String backupId) {
    return backupId + extension;
  }

  @Override
  public void download(String backupId, OutputStream to, Progress progress) throws DriverException {
    try {
      if (breakAfter >= 0) {
        to.write(new byte[breakAfter]);
        throw new DriverException(Kind.DAMAGED, "the artifact is damaged");
      }
      to.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Backup upload(String database, InputStream from, Progress progress)
      throws DriverException {
    try {
      uploaded = from.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return create(database, BackupKind.UPLOADED, progress);
  }

  @Override
  public RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    fail();
    restores.add(request);
    return new RestoreReport("orders_restored", List.of("3 tables"));
  }

  @Override
  public Verdict verify(String backupId, Progress progress) throws DriverException {
    fail();
    return Verdict.bad("checksum differs");
  }

  @Override
  public synchronized void delete(String backupId) {
    backups.remove(backupId);
  }

  private void fail() throws DriverException {
    if (trouble != null) {
      throw trouble;
    }
    if (bug != null) {
      throw bug;
    }
  }

  @Override
  public void close() {}
}
