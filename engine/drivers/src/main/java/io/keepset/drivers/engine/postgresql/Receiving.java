package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.WalReceiver;
import java.io.IOException;
import java.util.Optional;

/** A {@code pg_receivewal} under way. */
final class Receiving implements WalReceiver {
  private final ToolProcess process;
  private final Login login;
  private Optional<String> failure = Optional.empty();

  private Receiving(ToolProcess process, Login login) {
    this.process = process;
    this.login = login;
  }

  static Receiving start(ToolCommand command, Login login) throws DriverException {
    Receiving receiving = new Receiving(ToolProcess.start(command), login);
    try {
      receiving.process.stdin().close();
    } catch (IOException e) {
      // It reads nothing.
    }
    return receiving;
  }

  @Override
  public boolean alive() {
    return process.alive();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public synchronized Optional<String> failure() {
    if (!alive() && failure.isEmpty()) {
      try {
        failure =
            Optional.of(Failures.explain("pg_receivewal", process.finish(), login).getMessage());
      } catch (DriverException e) {
        failure = Optional.of(e.getMessage());
      }
    }
    return failure;
  }

  @Override
  public void close() {
    process.close();
    login.close();
  }
}
