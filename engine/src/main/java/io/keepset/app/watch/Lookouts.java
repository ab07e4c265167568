package io.keepset.app.watch;

import io.keepset.app.schedule.Alarms;
import io.keepset.app.state.Baseline;
import io.keepset.app.state.StateDatabase;
import io.keepset.wal.WalWatch;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Puts lookouts together: who else has problems to tell is added here. */
public final class Lookouts {
  private Lookouts() {}

  /**
   * What a server sees.
   *
   * @param stores the names of those that are declared
   * @param staleLock from which age on a lock on one of Terraform's states is told of
   * @param more what only it can know
   */
  public static Lookout ofServer(
      StateDatabase state,
      Supplier<Collection<String>> stores,
      Supplier<Duration> staleLock,
      List<ProblemSource> more) {
    List<ProblemSource> sources = new ArrayList<>(common(state, stores, staleLock));
    sources.addAll(more);
    return new Lookout(
        state, ScheduleFacts.served(state.scheduleClock(), InstantSource.system()), sources);
  }

  /** What a command sees that has the state open by itself. */
  public static Lookout ofCommand(
      StateDatabase state, Supplier<Collection<String>> stores, Supplier<Duration> staleLock) {
    List<ProblemSource> sources = new ArrayList<>(common(state, stores, staleLock));
    sources.add(now -> nobodyServes(state));
    return new Lookout(state, ScheduleFacts.unserved(state.scheduleClock()), sources);
  }

  private static List<ProblemSource> common(
      StateDatabase state, Supplier<Collection<String>> stores, Supplier<Duration> staleLock) {
    Baseline baseline = state.baseline();
    return List.of(
        new StoreWatch(state.watchRecords(), stores),
        new HoldWatch(state.holds()),
        new StateLockWatch(state.terraformStates(), staleLock),
        new DriftWatch(state.declarations()),
        new WalWatch(state.catalogue(), state.wal()),
        new ComplianceWatch(() -> state.catalogue().protections().values(), baseline::ruled));
  }

  /**
   * Who has the file of a state open knows that no server has; nodes of a cluster say they live.
   */
  private static List<Problem> nobodyServes(StateDatabase state) {
    boolean served =
        state.dialect().shared()
            && Alarms.anyNodeAlive(state.scheduleClock(), InstantSource.system().instant());
    return served || state.catalogue().protections().isEmpty()
        ? List.of()
        : List.of(
            Problem.warning(
                    "watch.server",
                    "server/schedules",
                    "no keepset server runs on this state: nothing makes backups by itself")
                .withHint("start one: keepset serve"));
  }
}
