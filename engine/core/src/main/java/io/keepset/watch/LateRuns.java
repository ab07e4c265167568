package io.keepset.watch;

import io.keepset.plan.Figures;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the due runs of one database that are not there. */
final class LateRuns {
  private final Watched watched;
  private final History history;
  private final Pace pace;
  private final Instant now;

  LateRuns(Watched watched, History history, Pace pace, Instant now) {
    this.watched = watched;
    this.history = history;
    this.pace = pace;
    this.now = now;
  }

  /** A run that was due and did not begin. */
  private record Missing(Schedule schedule, Instant due) {}

  /** The schedules nobody runs; nothing is asked of one while backups are off on purpose. */
  Optional<Problem> schedules() {
    List<String> troubles = new ArrayList<>();
    for (Schedule schedule : active()) {
      ScheduleState state = watched.schedules().get(schedule.name());
      if (state == null) {
        troubles.add("nothing runs schedule " + schedule.name());
      } else {
        state.trouble().ifPresent(why -> troubles.add("schedule " + schedule.name() + " " + why));
      }
    }
    return troubles.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Problem.error(
                    "watch.schedule",
                    watched.name(),
                    String.join("; ", troubles) + ": no backup will be made by itself")
                .withHint("keep keepset serve running on this state; its log says what failed"));
  }

  /** The due runs that did not begin in time, all schedules together. */
  Optional<Problem> late() {
    List<Missing> missing = new ArrayList<>();
    for (Schedule schedule : active()) {
      Optional.ofNullable(watched.schedules().get(schedule.name()))
          .flatMap(state -> missing(schedule, state))
          .ifPresent(missing::add);
    }
    return missing.stream()
        .min(Comparator.comparing(Missing::due).thenComparing(m -> m.schedule().name()))
        .map(first -> problem(first, missing));
  }

  private Optional<Missing> missing(Schedule schedule, ScheduleState state) {
    String name = watched.name();
    Instant due = schedule.previous(name, now.minus(pace.tolerance()));
    if (!due.isAfter(state.since())) {
      return Optional.empty(); // none has been due since it came into force
    }
    Optional<Instant> last = history.lastScheduled();
    boolean began = last.filter(at -> !at.isBefore(due)).isPresent();
    if ((began && !state.servedUntil().isBefore(due)) || waitsOrRuns(state, due)) {
      return Optional.empty();
    }
    // With several schedules another one's run may be newer than what this one has served.
    Instant after = began ? state.servedUntil() : last.orElse(state.since());
    Instant known = after.isAfter(state.since()) ? after : state.since();
    return Optional.of(new Missing(schedule, schedule.next(name, known)));
  }

  /** A run is under way that is its own, or that was in its way when it was due. */
  private boolean waitsOrRuns(ScheduleState state, Instant due) {
    boolean itsOwn = state.serving().filter(at -> !at.isBefore(due)).isPresent();
    return history
        .underWay()
        .filter(run -> !run.time().plus(pace.longest()).isBefore(now))
        .filter(run -> itsOwn || run.time().isBefore(due))
        .isPresent();
  }

  private Problem problem(Missing first, List<Missing> all) {
    String message =
        "the run of schedule "
            + first.schedule().name()
            + " that was due at "
            + Figures.timeWithOffset(first.due().atZone(first.schedule().zone()))
            + " has not begun"
            + (all.size() > 1 ? ", nor have those of " + (all.size() - 1) + " more" : "");
    return history.newestGood().isPresent()
        ? Problem.error("watch.late", watched.name(), message)
            .withHint("see whether keepset serve runs, and what its log says about this database")
            .since(first.due())
        : Problem.error(
                "watch.never", watched.name(), "there has never been a good backup: " + message)
            .withHint("make one now: keepset backup create " + watched.name())
            .since(first.due());
  }

  private List<Schedule> active() {
    Protection protection = watched.protection();
    return protection.schedules().values().stream()
        .filter(
            schedule ->
                protection
                    .suspension()
                    .filter(s -> s.holdsOn(now.atZone(schedule.zone()).toLocalDate()))
                    .isEmpty())
        .toList();
  }
}
