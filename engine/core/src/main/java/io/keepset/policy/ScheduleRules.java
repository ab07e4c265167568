package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules about when backups run. */
final class ScheduleRules {
  private ScheduleRules() {}

  /** What was promised must be possible even if no run ever fails. */
  static final class RpoWithinSchedule implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      Optional<Duration> rpo = subject.rules().objective().rpo();
      if (rpo.isEmpty() || subject.off()) {
        return List.of();
      }
      if (subject.rules().timetable().isEmpty()) {
        return subject.protection().isEmpty()
            ? List.of()
            : List.of(
                Diagnostic.error(
                        "objective.rpo",
                        "rpo is " + Durations.format(rpo.get()) + ", but there is no schedule",
                        subject.at("objective.rpo"))
                    .withHint("add a schedule"));
      }
      Duration gap = subject.rules().timetable().longestGap();
      return rpo.get().compareTo(gap) >= 0
          ? List.of()
          : List.of(
              Diagnostic.error(
                      "objective.rpo",
                      "rpo is "
                          + Durations.format(rpo.get())
                          + ", but runs are up to "
                          + Durations.format(gap)
                          + " apart",
                      subject.at("objective.rpo"))
                  .withHint(
                      "run more often, or promise more than "
                          + Durations.format(gap)
                          + ", so that a run has time to finish"));
    }
  }

  /** A run that is spread past the next one is no longer that run. */
  static final class JitterWithinSchedule implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      List<Diagnostic> found = new ArrayList<>();
      for (Schedule schedule : subject.rules().schedules().values()) {
        Duration interval = subject.rules().timetable().interval(schedule);
        if (schedule.jitter().compareTo(interval) > 0) {
          found.add(
              Diagnostic.error(
                      "schedule.jitter",
                      "jitter is "
                          + Durations.format(schedule.jitter())
                          + ", but schedule "
                          + schedule.name()
                          + " runs every "
                          + Durations.format(interval),
                      subject.at(
                          List.of(
                              "schedule." + schedule.name() + ".jitter",
                              "schedule." + schedule.name() + ".cron")))
                  .withHint("make jitter shorter than the time between two runs"));
        }
      }
      return found;
    }
  }

  /** Declared, but never backed up. */
  static final class NothingScheduled implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      return subject.protection().isEmpty()
              || subject.off()
              || !subject.rules().schedules().isEmpty()
          ? List.of()
          : List.of(
              Diagnostic.warning(
                      "schedule.none",
                      subject.name() + " has no schedule: backups are only made by hand",
                      subject.at())
                  .withHint("add schedule: {nightly: {cron: \"0 2 * * *\"}}"));
    }
  }

  /** Any instant can only be restored on top of a scheduled backup. */
  static final class PointInTimeNeedsSchedule implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      return subject.rules().pointInTime().isEmpty()
              || subject.protection().isEmpty()
              || subject.off()
              || !subject.rules().schedules().isEmpty()
          ? List.of()
          : List.of(
              Diagnostic.error(
                      "point_in_time.schedule",
                      "point_in_time needs a schedule of full backups to start from",
                      subject.at("point_in_time"))
                  .withHint("add a schedule, or remove point_in_time"));
    }
  }

  /** What an engine can't do is an error, never a silent drop. */
  static final class PointInTimeNeedsEngine implements PolicyRule {
    private static final List<String> WITH_LOG = List.of("postgresql");

    @Override
    public List<Diagnostic> check(Subject subject) {
      if (subject.rules().pointInTime().isEmpty() || subject.off()) {
        return List.of();
      }
      return subject
          .protection()
          .filter(protection -> protection.target().platform().equals("runner"))
          .filter(protection -> !WITH_LOG.contains(protection.engine()))
          .map(
              protection ->
                  Diagnostic.error(
                          "point_in_time.engine",
                          "this version can't restore "
                              + protection.engine()
                              + " to a point in time",
                          subject.at("point_in_time"))
                      .withHint(
                          "remove point_in_time, or write override: {point_in_time: null} in the"
                              + " database; of the runner's engines "
                              + String.join(", ", WITH_LOG)
                              + " can do it"))
          .stream()
          .toList();
    }
  }
}
