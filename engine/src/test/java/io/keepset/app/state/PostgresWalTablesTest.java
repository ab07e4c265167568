package io.keepset.app.state;

import io.keepset.drivers.lab.PostgresLab;
import io.keepset.spi.Secret;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalCatalogueContract;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class PostgresWalTablesTest extends WalCatalogueContract {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static PostgresLab lab;
  private StateDatabase state;

  @BeforeAll
  static void startServer() {
    lab = PostgresLab.start();
  }

  @AfterAll
  static void stopServer() {
    if (lab != null) {
      lab.close();
    }
  }

  @Override
  protected WalCatalogue open() throws Exception {
    String database = "wal" + DATABASES.incrementAndGet();
    lab.createDatabase(database);
    state =
        StateDatabase.open(
            StateSettings.of(
                Path.of("unused"),
                Map.of(
                    StateSettings.URL,
                    lab.jdbcUrl(database),
                    StateSettings.USER,
                    PostgresLab.SUPERUSER,
                    StateSettings.PASSWORD,
                    "env:LAB")),
            reference -> new Secret(lab.password()));
    return state.wal();
  }

  @AfterEach
  void close() {
    state.close();
  }
}
