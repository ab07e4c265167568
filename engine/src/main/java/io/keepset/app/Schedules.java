package io.keepset.app;

import io.keepset.app.schedule.BackupScheduler;
import io.keepset.app.schedule.Chore;
import io.keepset.app.schedule.Chores;
import io.keepset.app.schedule.RunLimits;
import io.keepset.app.schedule.RunnerTrigger;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.Copying;
import io.keepset.runner.Recovery;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.BackupOperations;
import io.keepset.wal.WalRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the scheduler of a server together. */
public final class Schedules {
  /** As often as a server puts right what it may put right by itself. */
  private static final Duration DRIFT = Duration.ofMinutes(10);

  private static final Duration LOG = Duration.ofHours(1);

  private static final String STORE_LIMIT = "max_concurrent_runs";

  private Schedules() {}

  /**
   * Puts right, at the start of a server, what processes that died left behind. On state of our own
   * nobody else can be writing; on shared state a long run may be.
   */
  public static Recovery recovery(LocalState state) {
    boolean alone = !state.database().dialect().shared();
    return new Recovery(state.ports(), alone ? Duration.ZERO : Chores.LEFTOVER_AGE);
  }

  /** The scheduler on a state that this process has open; it is not started yet. */
  public static BackupScheduler of(LocalState state) {
    RunnerPorts ports = state.ports();
    BackupOperations operations = state.operations();
    RunLimits limits = new RunLimits(state::mostRuns, store -> ofStore(state, store));
    Copying copying = new Copying(ports, limits.places(ports.leases()));
    RunnerTrigger trigger =
        new RunnerTrigger(
            operations,
            ports.catalogue(),
            new Recovery(ports, Chores.LEFTOVER_AGE),
            copying,
            ports.journal());
    return new BackupScheduler(
        state.database(),
        trigger,
        chores(
            state,
            new Chores(
                    ports,
                    operations,
                    state.parts().stores(),
                    copying,
                    state.database().watchRecords()::failingStores)
                .all()),
        limits,
        ports.clock(),
        ports.journal(),
        BackupScheduler.Settings.usual(state.mostRuns()));
  }

  private static List<Chore> chores(LocalState state, List<Chore> usual) {
    RunnerPorts ports = state.ports();
    List<Chore> chores = new ArrayList<>(usual);
    WalRetention retention = new WalRetention(ports, state.database().wal());
    chores.add(
        new Chore("log", LOG, () -> state.database().wal().databases().forEach(retention::pass)));
    chores.add(new Chore("drift", DRIFT, state::lookForDrift));
    return chores;
  }

  private static int ofStore(LocalState state, String store) {
    return Optional.ofNullable(state.storeSpecs().get(store))
        .map(StoreSpec::options)
        .flatMap(options -> options.get(STORE_LIMIT))
        .map(Integer::parseInt)
        .orElse(0);
  }
}
