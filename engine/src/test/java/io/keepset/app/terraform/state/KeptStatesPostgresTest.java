package io.keepset.app.terraform.state;

import io.keepset.app.state.PostgresStates;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class KeptStatesPostgresTest extends KeptStatesContract {
  private static PostgresStates states;
  private StateSettings settings;

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
  StateDatabase first() throws Exception {
    settings = states.empty(data);
    return StateDatabase.open(settings, states.secrets());
  }

  @Override
  StateDatabase second(StateDatabase first) throws Exception {
    return StateDatabase.open(settings, states.secrets());
  }
}
