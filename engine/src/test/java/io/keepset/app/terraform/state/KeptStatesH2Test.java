package io.keepset.app.terraform.state;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.spi.Secret;
import java.util.Map;

class KeptStatesH2Test extends KeptStatesContract {
  @Override
  StateDatabase first() throws Exception {
    return StateDatabase.open(
        StateSettings.of(data, Map.of()), reference -> new Secret("none needed"));
  }

  @Override
  StateDatabase second(StateDatabase first) {
    return first;
  }
}
