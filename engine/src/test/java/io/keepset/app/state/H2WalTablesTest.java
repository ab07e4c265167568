package io.keepset.app.state;

import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalCatalogueContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class H2WalTablesTest extends WalCatalogueContract {
  @TempDir private Path data;
  private StateDatabase state;

  @Override
  protected WalCatalogue open() throws Exception {
    state =
        StateDatabase.open(
            StateSettings.of(data, Map.of()),
            reference -> {
              throw new AssertionError("nobody asks for " + reference);
            });
    return state.wal();
  }

  @AfterEach
  void close() {
    state.close();
  }
}
