package io.keepset.app.watch;

import io.keepset.app.state.TerraformStates;
import io.keepset.app.state.TerraformStates.Lock;
import io.keepset.app.state.TerraformStates.Row;
import io.keepset.policy.Durations;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells of locks on Terraform's states that nobody gave back: everybody else waits for them. */
final class StateLockWatch implements ProblemSource {
  private final TerraformStates states;
  private final Supplier<Duration> stale;

  /**
   * @param stale from which age on a lock is told of
   */
  StateLockWatch(TerraformStates states, Supplier<Duration> stale) {
    this.states = states;
    this.stale = stale;
  }

  @Override
  public List<Problem> problems(Instant now) {
    Duration age = stale.get();
    List<Problem> problems = new ArrayList<>();
    for (Row row : states.all()) {
      Optional<Lock> old = row.lock().filter(lock -> !lock.at().plus(age).isAfter(now));
      old.ifPresent(lock -> problems.add(problem(row.name(), lock, age)));
    }
    return problems;
  }

  private static Problem problem(String state, Lock lock, Duration age) {
    return Problem.warning(
            "watch.state_lock",
            "terraform-state/" + state,
            "the lock on state "
                + state
                + " that was taken with the token "
                + lock.by()
                + " is older than "
                + Durations.format(age))
        .withHint(
            "see that no run holds it any more, then: keepset terraform state unlock "
                + state
                + " --id "
                + lock.id())
        .since(lock.at());
  }
}
