package io.keepset.app.http;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.reconcile.Report;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.util.List;

final class FakeStores implements StoreOperations {
  @Override
  public List<String> names() {
    return List.of("main");
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) {
    return new Report(
        store,
        "directory /srv/backups",
        3,
        57,
        List.of(),
        List.of(Diagnostic.error("store.damaged", "one is damaged", null)));
  }

  @Override
  public Report rescan(String store, Progress progress) {
    return new Report(store, "directory", 3, 0, List.of("added b1"), List.of());
  }
}
