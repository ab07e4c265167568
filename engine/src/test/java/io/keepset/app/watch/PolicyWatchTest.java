package io.keepset.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.diagnostic.Severity;
import io.keepset.watch.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyWatchTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path data;

  @Test
  void whatIsNotInForceIsShownAtOnceAndBrokenAfterAnHour() throws Exception {
    try (StateDatabase state =
        StateDatabase.open(StateSettings.of(data, Map.of()), reference -> null)) {
      PolicyWatch watch = new PolicyWatch(state.watchRecords(), "directory policies", START);
      watch.looked(START, true, Optional.of("the plan is refused"));
      assertThat(watch.problems(START))
          .singleElement()
          .returns(Severity.NOTE, Problem::severity)
          .returns("watch.apply", Problem::code)
          .returns("the newest policies are not in force: the plan is refused", Problem::message);

      Instant later = START.plus(Duration.ofMinutes(61));
      watch.looked(later, true, Optional.of("the plan is refused"));
      assertThat(watch.problems(later)).singleElement().returns(true, Problem::broken);

      watch.looked(later, true, Optional.empty());
      assertThat(watch.problems(later)).isEmpty();
    }
  }

  @Test
  void whatCantBeReadIsShownAtOnceAndBrokenAfterAnHour() throws Exception {
    try (StateDatabase state =
        StateDatabase.open(StateSettings.of(data, Map.of()), reference -> null)) {
      PolicyWatch watch = new PolicyWatch(state.watchRecords(), "repository r", START);
      watch.looked(START, true, Optional.empty());
      Instant soon = START.plus(Duration.ofMinutes(5));
      watch.looked(soon, false, Optional.of("no answer"));
      assertThat(watch.problems(soon))
          .singleElement()
          .returns(Severity.NOTE, Problem::severity)
          .returns("watch.git", Problem::code);

      Instant later = START.plus(Duration.ofMinutes(61));
      watch.looked(later, false, Optional.of("no answer"));
      assertThat(watch.problems(later)).singleElement().returns(true, Problem::broken);
    }
  }
}
