package io.keepset.app.wal;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import io.keepset.wal.WalCheck;
import io.keepset.wal.WalRescan;
import java.util.ArrayList;
import java.util.List;

/** Stores whose check and rescan look at the logs in them as well. */
public final class StoresWithLogs implements StoreOperations {
  private final StoreOperations stores;
  private final WalCheck check;
  private final WalRescan rescan;

  public StoresWithLogs(StoreOperations stores, WalCheck check, WalRescan rescan) {
    this.stores = stores;
    this.check = check;
    this.rescan = rescan;
  }

  @Override
  public List<String> names() throws DriverException {
    return stores.names();
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) throws DriverException {
    Report report = stores.check(store, readData, progress);
    List<Diagnostic> findings = new ArrayList<>(report.findings());
    findings.addAll(check.run(store, readData, progress));
    return new Report(
        report.store(),
        report.describe(),
        report.backups(),
        report.bytes(),
        report.changes(),
        findings);
  }

  @Override
  public Report rescan(String store, Progress progress) throws DriverException {
    Report report = stores.rescan(store, progress);
    List<String> changes = new ArrayList<>(report.changes());
    changes.addAll(rescan.run(store));
    return new Report(
        report.store(),
        report.describe(),
        report.backups(),
        report.bytes(),
        changes,
        report.findings());
  }
}
