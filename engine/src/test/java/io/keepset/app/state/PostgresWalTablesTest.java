package io.keepset.app.state;

import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalCatalogueContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class PostgresWalTablesTest extends WalCatalogueContract {
  private static PostgresStates states;
  private StateDatabase state;

  @BeforeAll
  static void startServer() {
    states = new PostgresStates();
  }

  @AfterAll
  static void stopServer() {
    if (states != null) {
      states.close();
    }
  }

  @Override
  protected WalCatalogue open() throws Exception {
    state = StateDatabase.open(states.empty(Path.of("unused")), states.secrets());
    return state.wal();
  }

  @AfterEach
  void close() {
    state.close();
  }
}
