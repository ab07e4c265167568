package io.keepset.runner;

import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.util.List;

/** The stores of the runner: checked against its catalogue, and the catalogue rebuilt from them. */
public final class RunnerStores implements StoreOperations {
  private final RunnerPorts ports;

  public RunnerStores(RunnerPorts ports) {
    this.ports = ports;
  }

  @Override
  public List<String> names() {
    return List.copyOf(ports.stores().names());
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) throws DriverException {
    return new StoreCheck(ports, ports.stores().open(store)).run(readData, progress);
  }

  @Override
  public Report rescan(String store, Progress progress) throws DriverException {
    return new Rescan(ports, ports.stores().open(store)).run(progress);
  }
}
