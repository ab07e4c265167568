package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.spi.Platform;
import io.keepset.spi.PlatformContract;
import java.util.Optional;

class RunnerContractTest extends PlatformContract {
  @Override
  protected Platform open() {
    RunnerLab lab = new RunnerLab();
    lab.engine.databases.put("orders", "contents");
    lab.engine.databases.put("sessions", "contents");
    return new RunnerPlatform(lab.ports());
  }

  @Override
  protected Protection wish(String database) {
    return Samples.protection(database);
  }

  @Override
  protected Optional<Protection> unsupportedWish(String database) {
    Protection p = wish(database);
    return Optional.of(p.change().engine("oracle").store(Optional.empty()).build());
  }

  /** The catalogue is Keepset's own. */
  @Override
  protected boolean putForeign(String database) {
    return false;
  }
}
