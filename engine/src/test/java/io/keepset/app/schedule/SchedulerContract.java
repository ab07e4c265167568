package io.keepset.app.schedule;

import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.runner.Journal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A scheduler on a state of its own, and what it tells. */
abstract class SchedulerContract {
  static final RunLimits FOUR = new RunLimits(() -> 4, store -> 0);

  @TempDir Path data;

  StateDatabase state;

  final SchedulerLab lab = new SchedulerLab();

  final List<String> told = Collections.synchronizedList(new ArrayList<>());

  final Journal journal = (severity, subject, text) -> told.add(subject + ": " + text);

  @BeforeEach
  void open() throws Exception {
    state = StateDatabase.open(StateSettings.of(data, Map.of()), reference -> null);
  }

  @AfterEach
  void close() {
    state.close();
  }

  BackupScheduler scheduler(RunTrigger trigger, Instant now, RunLimits limits) {
    return scheduler(trigger, SchedulerLab.at(now), limits, List.of());
  }

  BackupScheduler scheduler(RunTrigger trigger, Clock clock, RunLimits limits, List<Chore> chores) {
    return new BackupScheduler(
        state, trigger, chores, limits, clock, journal, SchedulerLab.settings());
  }

  Hand hand(String database) {
    return state.scheduleClock().find(database, "nightly").orElseThrow();
  }
}
