package io.keepset.app.terraform.state;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.spi.Secret;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class KeptStatesPostgresTest extends KeptStatesContract {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static PostgresLab lab;
  private StateSettings settings;

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
  StateDatabase first() throws Exception {
    String name = "states" + DATABASES.incrementAndGet();
    lab.createDatabase(name);
    settings =
        StateSettings.of(
            data,
            Map.of(
                StateSettings.URL,
                lab.jdbcUrl(name),
                StateSettings.USER,
                PostgresLab.SUPERUSER,
                StateSettings.PASSWORD,
                "env:LAB"));
    return StateDatabase.open(settings, reference -> new Secret(lab.password()));
  }

  @Override
  StateDatabase second(StateDatabase first) throws Exception {
    return StateDatabase.open(settings, reference -> new Secret(lab.password()));
  }
}
