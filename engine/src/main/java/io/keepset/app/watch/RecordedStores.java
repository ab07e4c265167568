package io.keepset.app.watch;

import io.keepset.app.state.WatchRecords;
import io.keepset.app.state.WatchRecords.StoreCheck;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.time.InstantSource;
import java.util.List;

/** Remembers how each check of a store ended, so that the watch can tell it later. */
public final class RecordedStores implements StoreOperations {
  private final StoreOperations stores;
  private final WatchRecords records;
  private final InstantSource clock;

  public RecordedStores(StoreOperations stores, WatchRecords records, InstantSource clock) {
    this.stores = stores;
    this.records = records;
    this.clock = clock;
  }

  @Override
  public List<String> names() throws DriverException {
    return stores.names();
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) throws DriverException {
    return recorded(store, () -> stores.check(store, readData, progress));
  }

  @Override
  public Report rescan(String store, Progress progress) throws DriverException {
    return recorded(store, () -> stores.rescan(store, progress));
  }

  /** Something that looks at a whole store. */
  private interface Look {
    Report run() throws DriverException;
  }

  private Report recorded(String store, Look look) throws DriverException {
    try {
      Report report = look.run();
      List<String> errors =
          report.findings().stream().filter(Diagnostic::isError).map(Diagnostic::message).toList();
      records.checked(
          new StoreCheck(store, clock.instant(), report.good(), report.backups(), errors));
      return report;
    } catch (DriverException e) {
      if (names().contains(store)) {
        records.checked(new StoreCheck(store, clock.instant(), false, 0, List.of(e.getMessage())));
      }
      throw e;
    }
  }
}
