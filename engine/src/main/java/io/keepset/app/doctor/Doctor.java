package io.keepset.app.doctor;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.Drivers;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Engine;
import io.keepset.spi.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    this.engines = Drivers.engines(clock, Optional.of(data), List::of);
  }

  /** In the order in which things are needed: machine, data, stores, databases. */
  public List<Checkup> examine(PolicySet policies) throws InterruptedException {
    List<Diagnostic> opened = new ArrayList<>();
    State.Known known = open(opened);
    List<String> ownKey =
        policies.stores().values().stream()
            .filter(StoreHealth::hasOwnKey)
            .map(StoreSpec::name)
            .toList();
    boolean keyNeeded =
        known.backups().stream()
            .flatMap(b -> b.store().stream())
            .anyMatch(
                s ->
                    policies.stores().containsKey(s)
                        && !ownKey.contains(s)
                        && !known.in(s).isEmpty());
    List<Callable<Checkup>> tasks = new ArrayList<>();
    tasks.add(() -> MachineCheck.run(clock.instant()));
    tasks.add(() -> DataCheck.run(data, opened, keyNeeded));
    policies
        .stores()
        .values()
        .forEach(
            spec -> tasks.add(() -> StoreHealth.run(spec, secrets, data, known.in(spec.name()))));
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

  /** A new data directory has no state yet, and gets none from looking. */
  private State.Known open(List<Diagnostic> findings) {
    if (stateElsewhere || Files.isDirectory(data.resolve("state"))) {
      try {
        State.Known known = state.open();
        findings.add(
            Diagnostic.note("doctor.state", "the state opens (" + known.where() + ")", null));
        return known;
      } catch (DriverException e) {
        findings.add(Diagnostic.error("doctor.state", e.getMessage(), null));
      }
    }
    return new State.Known("nowhere", List.of());
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
    List<Diagnostic> findings =
        new ArrayList<>(engine.check(RunnerPorts.source(protection, secrets)));
    findings.add(scratch(engine, protection));
    return new Checkup(subject, findings);
  }

  /** A note either way: backups count without it. */
  private static Diagnostic scratch(Engine engine, Protection protection) {
    String can = "backup verify --restore ";
    return Diagnostic.note(
        "doctor.scratch",
        engine
            .scratch()
            .missing(protection.options())
            .map(why -> can + "can't be done on this machine: " + why)
            .orElse(can + "can be done on this machine"),
        null);
  }
}
