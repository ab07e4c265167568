package io.keepset.drivers.platform.memory;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Backups in memory. What a database holds is a line with its name. */
final class MemoryBackups implements BackupOperations {
  private static final Comparator<Backup> OLDEST_FIRST =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  private final InstantSource clock;
  private final MemoryPlatform platform;
  private final TreeMap<String, Backup> backups = new TreeMap<>();
  private final Map<String, byte[]> contents = new HashMap<>();
  private int made;

  MemoryBackups(InstantSource clock, MemoryPlatform platform) {
    this.clock = clock;
    this.platform = platform;
  }

  synchronized void put(Backup backup) {
    backups.put(backup.id(), backup);
    contents.put(backup.id(), content(backup.database()));
  }

  synchronized SortedSet<String> databases() {
    SortedSet<String> names = new TreeSet<>();
    backups.values().forEach(backup -> names.add(backup.database()));
    return names;
  }

  synchronized List<Backup> of(String database) {
    List<Backup> found = new ArrayList<>();
    for (Backup backup : backups.values()) {
      if (backup.database().equals(database)) {
        found.add(backup);
      }
    }
    found.sort(OLDEST_FIRST);
    return found;
  }

  @Override
  public Backup create(String database, BackupKind kind, Progress progress) throws DriverException {
    platform.failIfAsked(database);
    Protection protection = platform.protection(database);
    return add(protection, kind, content(database), progress);
  }

  @Override
  public void download(String backupId, OutputStream to, Progress progress) throws DriverException {
    byte[] content = content(find(backupId));
    try {
      to.write(content);
    } catch (IOException e) {
      throw new DriverException(Kind.REJECTED, "can't write the download: " + e.getMessage(), e);
    }
    progress.at(content.length, content.length);
  }

  @Override
  public Backup upload(String database, InputStream from, Progress progress)
      throws DriverException {
    Protection protection = platform.protection(database);
    byte[] content;
    try {
      content = from.readAllBytes();
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "the upload broke off: " + e.getMessage(), e);
    }
    if (content.length == 0) {
      throw new DriverException(Kind.REJECTED, "the upload is empty");
    }
    return add(protection, BackupKind.UPLOADED, content, progress);
  }

  @Override
  public RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    Backup backup = find(backupId);
    String into =
        switch (request.mode()) {
          case OVER, MERGE -> backup.database();
          case NEW -> request.newName().orElse(backup.id());
        };
    return new RestoreReport(into, List.of());
  }

  @Override
  public Verdict verify(String backupId, Progress progress) throws DriverException {
    Backup backup = find(backupId);
    return new Verdict(true, List.of(content(backup).length + " bytes"), Optional.empty());
  }

  @Override
  public synchronized void delete(String backupId) throws DriverException {
    find(backupId);
    backups.remove(backupId);
    contents.remove(backupId);
  }

  private synchronized Backup add(
      Protection protection, BackupKind kind, byte[] content, Progress progress) {
    Instant now = clock.instant();
    Backup backup =
        new BackupBuilder(
                protection.name() + "-" + now.getEpochSecond() + "-" + made++,
                protection.name(),
                protection.engine(),
                kind,
                BackupState.CREATED,
                now)
            .finished(Optional.of(now))
            .size(OptionalLong.of(content.length))
            .storedSize(OptionalLong.of(content.length))
            .verifiedAt(Optional.of(now))
            .build();
    backups.put(backup.id(), backup);
    contents.put(backup.id(), content);
    progress.at(content.length, content.length);
    return backup;
  }

  private synchronized Backup find(String backupId) throws DriverException {
    Backup backup = backups.get(backupId);
    if (backup == null) {
      throw new DriverException(Kind.NOT_FOUND, "there is no backup " + backupId);
    }
    return backup;
  }

  private synchronized byte[] content(Backup backup) {
    byte[] content = contents.get(backup.id());
    if (content == null) {
      throw new IllegalStateException("a backup without content: " + backup.id());
    }
    return content;
  }

  private static byte[] content(String database) {
    return ("what " + database + " holds\n").getBytes(StandardCharsets.UTF_8);
  }
}
