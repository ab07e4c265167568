package io.keepset.app.doctor;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.Drivers;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.runner.RunnerPlatform;
import io.keepset.spi.Engine;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks at everything that these policies need from this machine. It reads, and probes stores that
 * are in use; it makes nothing and changes nothing.
 */
public final class Doctor {
  /** A server that does not answer costs its time limit; others need not wait for it. */
  private static final int AT_ONCE = 8;

  private final Path data;
  private final Clock clock;
  private final Secrets secrets;
  private final boolean stateElsewhere;
  private final State state;
  private final SortedMap<String, Engine> engines;

  /**
   * @param stateElsewhere whether the state is not below the data directory
   * @param state opens the state of the installation, if it is asked to
   */
  public Doctor(Path data, Clock clock, Secrets secrets, boolean stateElsewhere, State state) {
    this.data = data;
    this.clock = clock;
    this.secrets = secrets;
    this.stateElsewhere = stateElsewhere;
    this.state = state;
    this.engines = Drivers.engines(clock);
  }

  /** In the order in which things are needed: machine, data, stores, databases. */
  public List<Checkup> examine(PolicySet policies) throws InterruptedException {
    List<Callable<Checkup>> tasks = new ArrayList<>();
    tasks.add(() -> MachineCheck.run(clock.instant()));
    tasks.add(() -> DataCheck.run(data, stateElsewhere, state));
    policies.stores().values().forEach(spec -> tasks.add(() -> StoreHealth.run(spec, secrets)));
    policies
        .protections()
        .values()
        .forEach(resolved -> tasks.add(() -> database(resolved.protection())));
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Checkup> all = new ArrayList<>();
      for (Future<Checkup> done : workers.invokeAll(tasks)) {
        all.add(done.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a check failed itself", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private Checkup database(Protection protection) {
    String subject =
        "database "
            + protection.name()
            + " ("
            + protection.engine()
            + " on "
            + protection.target().platform()
            + ")";
    if (!protection.target().platform().equals(RunnerPlatform.NAME)) {
      return new Checkup(
          subject,
          List.of(
              Diagnostic.note(
                  "doctor.platform", "backed up by its platform, not from here", null)));
    }
    Engine engine = engines.get(protection.engine());
    if (engine == null) {
      return new Checkup(
          subject,
          List.of(
              Diagnostic.error(
                  "doctor.engine", "this Keepset has no engine " + protection.engine(), null)));
    }
    return new Checkup(
        subject,
        engine.check(
            new Source(protection.name(), protection.connection(), protection.options(), secrets)));
  }
}
