package io.keepset.app.watch;

import io.keepset.app.state.WatchRecords;
import io.keepset.app.state.WatchRecords.What;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.BackupIds;
import io.keepset.spi.BackupAddress;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Counts runs, and remembers how long restores and verifications take. */
public final class MeasuredOperations implements BackupOperations {
  private final BackupOperations operations;
  private final WatchRecords records;
  private final RunCounts counts;
  private final InstantSource clock;

  public MeasuredOperations(
      BackupOperations operations, WatchRecords records, RunCounts counts, InstantSource clock) {
    this.operations = operations;
    this.records = records;
    this.counts = counts;
    this.clock = clock;
  }

  @Override
  public Backup create(String database, BackupKind kind, Progress progress) throws DriverException {
    try {
      Backup backup = operations.create(database, kind, progress);
      counts.add(
          database,
          backup.state() != BackupState.CREATED
              ? RunCounts.Result.FAILED
              : backup.suspicious() ? RunCounts.Result.SUSPICIOUS : RunCounts.Result.GOOD);
      return backup;
    } catch (DriverException e) {
      counts.add(database, RunCounts.Result.NOT_BEGUN);
      throw e;
    }
  }

  @Override
  public RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    Instant began = clock.instant();
    RestoreReport report = operations.restore(backupId, request, progress);
    measured(backupId, What.RESTORE, began);
    return report;
  }

  @Override
  public Verdict verify(String backupId, Progress progress) throws DriverException {
    Instant began = clock.instant();
    Verdict verdict = operations.verify(backupId, progress);
    measured(backupId, What.VERIFY, began);
    return verdict;
  }

  /** Not measured: it takes as long as a check, a restore and a dump together. */
  @Override
  public Verdict prove(String backupId, Optional<Path> place, Progress progress)
      throws DriverException {
    return operations.prove(backupId, place, progress);
  }

  private void measured(String backupId, What what, Instant began) {
    Instant now = clock.instant();
    BackupIds.database(backupId)
        .ifPresent(name -> records.measured(name, what, Duration.between(began, now), now));
  }

  @Override
  public BackupAddress address(String backupId, Duration validFor) throws DriverException {
    return operations.address(backupId, validFor);
  }

  @Override
  public String fileName(String backupId) throws DriverException {
    return operations.fileName(backupId);
  }

  @Override
  public void download(String backupId, OutputStream to, Progress progress) throws DriverException {
    operations.download(backupId, to, progress);
  }

  @Override
  public Backup upload(String database, InputStream from, Progress progress)
      throws DriverException {
    return operations.upload(database, from, progress);
  }

  @Override
  public void delete(String backupId) throws DriverException {
    operations.delete(backupId);
  }
}
