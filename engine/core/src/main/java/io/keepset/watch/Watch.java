package io.keepset.watch;

import io.keepset.diagnostic.Severity;
import io.keepset.plan.Figures;
import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.watch.Promises.Promise;
import io.keepset.watch.Promises.State;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges what should have happened against what did, for one database. Silence is failure: what is
 * due and not there is a problem, whoever was to blame. Nothing has to be configured.
 *
 * <p>A run is late when it has not begun a quarter of an hour after the latest that is usual for
 * this database: its time, plus what its runs usually wait (an hour as long as nobody knows), plus
 * what they usually take. One under way makes the next wait, unless it takes more than four times
 * as long as usual, and an hour longer. Costs n log n of the backups.
 */
public final class Watch {
  /** How long ago a backup may last have been verified where no objective says so. */
  public static final Duration VERIFIED_WITHIN = Duration.ofDays(30);

  /** How old the newest good backup may become while backups are paused. */
  public static final Duration LONG_PAUSE = Duration.ofDays(7);

  private final Watched watched;
  private final Protection protection;
  private final History history;
  private final Pace pace;
  private final Instant now;

  private Watch(Watched watched, Instant now) {
    this.watched = watched;
    this.protection = watched.protection();
    this.history = new History(watched.backups(), now);
    this.pace = Pace.of(history.all(), watched.protection().schedules().values(), watched.name());
    this.now = now;
  }

  /** What is wrong, at most one problem of each code, the worst first. */
  public static List<Problem> judge(Watched watched, Instant now) {
    return new Watch(watched, now).problems();
  }

  private List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    LateRuns runs = new LateRuns(watched, history, pace, now);
    runs.schedules().ifPresent(problems::add);
    runs.late().ifPresent(problems::add);
    stuck().ifPresent(problems::add);
    newest().ifPresent(problems::add);
    damaged().ifPresent(problems::add);
    copies().ifPresent(problems::add);
    suspension().ifPresent(problems::add);
    verification().ifPresent(problems::add);
    for (Promise promise : Promises.of(watched, now)) {
      broken(promise).ifPresent(problems::add);
    }
    return problems.stream().sorted().toList();
  }

  private Optional<Problem> stuck() {
    return history
        .underWay()
        .filter(run -> run.time().plus(pace.longest()).isBefore(now))
        .map(
            run ->
                Problem.error(
                        "watch.stuck",
                        watched.name(),
                        "backup "
                            + run.id()
                            + " is being made for "
                            + Figures.age(Duration.between(run.time(), now))
                            + pace.took()
                                .map(usual -> "; it usually takes " + Figures.age(usual))
                                .orElse(""))
                    .withHint("see whether the database and its store answer")
                    .since(run.time().plus(pace.longest())));
  }

  private Optional<Problem> newest() {
    return history
        .newestRun()
        .flatMap(
            run -> {
              if (run.state() == BackupState.FAILED && run.size().isEmpty()) {
                return Optional.of(
                    Problem.error(
                            "watch.failed",
                            watched.name(),
                            "the newest backup failed: "
                                + run.error().orElse("for an unknown reason"))
                        .withHint("mend that, then: keepset backup create " + watched.name())
                        .since(run.finished().orElse(run.time())));
              }
              boolean empty = run.size().orElse(1) == 0;
              return run.suspicious() || empty
                  ? Optional.of(
                      Problem.error(
                              "watch.suspicious",
                              watched.name(),
                              "the newest backup, "
                                  + run.id()
                                  + ", is "
                                  + (empty ? "empty" : "much smaller than those before it")
                                  + ": it does not count, and nothing expires")
                          .withHint("look whether data is missing in the database")
                          .since(run.finished().orElse(run.time())))
                  : Optional.empty();
            });
  }

  /** A copy may take as long as a run before it is missed. */
  private Optional<Problem> copies() {
    int missing = 0;
    Backup oldest = null;
    Copy lacking = null;
    for (Copy copy : protection.copies().values()) {
      for (Backup backup : Copies.missing(watched.backups(), copy, protection.zone(), now)) {
        if (backup.finished().orElse(backup.time()).plus(pace.longest()).isBefore(now)) {
          missing++;
          oldest = backup;
          lacking = copy;
        }
      }
    }
    if (oldest == null || lacking == null) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.error(
                "watch.copy",
                watched.name(),
                "copy "
                    + lacking.name()
                    + " in store "
                    + lacking.to()
                    + " is missing of backup "
                    + oldest.id()
                    + (missing > 1 ? ", and " + (missing - 1) + " more are missing" : ""))
            .withHint("see what the server's log says of it: keepset store check " + lacking.to())
            .since(oldest.finished().orElse(oldest.time()).plus(pace.longest())));
  }

  private Optional<Problem> damaged() {
    List<Backup> damaged = history.damaged();
    if (damaged.isEmpty()) {
      return Optional.empty();
    }
    Backup newest = damaged.get(damaged.size() - 1);
    return Optional.of(
        Problem.error(
                "watch.damaged",
                watched.name(),
                (damaged.size() == 1
                        ? "backup " + newest.id() + " is"
                        : Figures.count(damaged.size(), "backup")
                            + " are, the newest of them "
                            + newest.id()
                            + ",")
                    + " no longer good: "
                    + newest.error().orElse("for an unknown reason"))
            .withHint(
                "bring the bytes back and verify again, or delete it: keepset backup delete "
                    + newest.id()));
  }

  private Optional<Problem> suspension() {
    Suspension suspension = protection.suspension().orElse(null);
    if (suspension == null) {
      return Optional.empty();
    }
    LocalDate today = now.atZone(protection.zone()).toLocalDate();
    String word = suspension.disabled() ? "disabled" : "paused";
    if (!suspension.holdsOn(today)) {
      return Optional.of(
          Problem.warning(
                  "watch.suspension",
                  watched.name(),
                  "backups were "
                      + word
                      + " until "
                      + suspension.until().orElseThrow()
                      + ", which is past: they run again")
              .withHint("take backups." + word + " out of the policy files"));
    }
    Optional<Backup> good = history.newestGood();
    if (suspension.disabled()) {
      return good.isPresent()
          ? Optional.empty()
          : Optional.of(
              Problem.note(
                  "watch.disabled",
                  watched.name(),
                  "backups are disabled and there is none: " + suspension.reason()));
    }
    boolean fresh = good.filter(b -> b.time().isAfter(now.minus(LONG_PAUSE))).isPresent();
    return fresh
        ? Optional.empty()
        : Optional.of(
            Problem.warning(
                    "watch.paused",
                    watched.name(),
                    "backups are paused"
                        + suspension.until().map(day -> " until " + day).orElse("")
                        + " ("
                        + suspension.reason()
                        + "), and "
                        + good.map(
                                b ->
                                    "the newest good one is "
                                        + Figures.age(Duration.between(b.time(), now))
                                        + " old")
                            .orElse("there is no good one"))
                .withHint(
                    "end the pause, or make one by hand: keepset backup create " + watched.name()));
  }

  /** Where an objective names it, that is judged instead. */
  private Optional<Problem> verification() {
    if (protection.objective().verifiedWithin().isPresent() || history.newestGood().isEmpty()) {
      return Optional.empty();
    }
    Promise usual = Promises.verified(VERIFIED_WITHIN, history.lastVerified(), now);
    return usual.state() == State.BROKEN
        ? Optional.of(
            Problem.warning(
                    "watch.verification",
                    watched.name(),
                    usual.reason() + ", more than " + Figures.period(VERIFIED_WITHIN))
                .withHint("verify one: keepset backup verify " + watched.name()))
        : Optional.empty();
  }

  private Optional<Problem> broken(Promise promise) {
    if (promise.state() != State.BROKEN) {
      return Optional.empty();
    }
    boolean off =
        protection
            .suspension()
            .filter(s -> s.holdsOn(now.atZone(protection.zone()).toLocalDate()))
            .isPresent();
    String code =
        switch (promise.kind()) {
          case RPO -> "watch.rpo";
          case RTO -> "watch.rto";
          case VERIFIED_WITHIN -> "watch.verification";
        };
    Problem problem =
        new Problem(
            code,
            watched.name(),
            off ? Severity.WARNING : Severity.ERROR,
            promise.reason()
                + "; the objective "
                + promise.kind().word()
                + " is "
                + Figures.period(promise.promised()),
            null,
            Optional.empty());
    return Optional.of(
        switch (promise.kind()) {
          case RPO, VERIFIED_WITHIN ->
              promise
                  .actual()
                  .map(age -> problem.since(now.minus(age).plus(promise.promised())))
                  .orElse(problem);
          case RTO -> problem;
        });
  }
}
