package io.keepset.app.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import io.keepset.wal.WalRescan;
import java.util.ArrayList;
import java.util.List;

/** Stores whose rescan brings back what is known of logs as well. */
public final class StoresWithLogs implements StoreOperations {
  private final StoreOperations stores;
  private final WalRescan logs;

  public StoresWithLogs(StoreOperations stores, WalRescan logs) {
    this.stores = stores;
    this.logs = logs;
  }

  @Override
  public List<String> names() throws DriverException {
    return stores.names();
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) throws DriverException {
    return stores.check(store, readData, progress);
  }

  @Override
  public Report rescan(String store, Progress progress) throws DriverException {
    Report report = stores.rescan(store, progress);
    List<String> changes = new ArrayList<>(report.changes());
    changes.addAll(logs.run(store));
    return new Report(
        report.store(),
        report.describe(),
        report.backups(),
        report.bytes(),
        changes,
        report.findings());
  }
}
