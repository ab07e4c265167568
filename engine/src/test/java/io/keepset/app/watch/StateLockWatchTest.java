package io.keepset.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.LocalState;
import io.keepset.app.state.TerraformStates;
import io.keepset.app.state.TerraformStates.Lock;
import io.keepset.watch.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockWatchTest {
  private static final Instant TAKEN = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path home;

  @Test
  void aLockThatNobodyGaveBackIsAProblemUntilItIsGone() throws Exception {
    try (LocalState state =
        LocalState.open(
            home.resolve("data"),
            Clock.systemUTC(),
            reference -> {
              throw new IllegalStateException("no secrets here");
            },
            Map.of(),
            (severity, subject, message) -> {},
            note -> {})) {
      TerraformStates states = state.database().terraformStates();
      StateLockWatch watch = new StateLockWatch(states, state::staleLock);
      states.change(
          "prod",
          locked -> {
            locked.lock(new Lock("the-id", "{}", "ci", TAKEN, 0));
            return true;
          });

      assertThat(watch.problems(TAKEN.plus(Duration.ofMinutes(239)))).isEmpty();
      List<Problem> found = watch.problems(TAKEN.plus(Duration.ofHours(4)));
      assertThat(found)
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.code()).isEqualTo("watch.state_lock");
                assertThat(problem.message()).contains("prod", "token ci", "older than 4h");
                assertThat(problem.hint()).contains("terraform state unlock prod --id the-id");
                assertThat(problem.since()).contains(TAKEN);
              });

      states.change(
          "prod",
          locked -> {
            locked.unlock();
            return true;
          });
      assertThat(watch.problems(TAKEN.plus(Duration.ofHours(5)))).isEmpty();
    }
  }
}
