package io.keepset.app.watch;

import io.keepset.app.state.WatchRecords;
import io.keepset.app.state.WatchRecords.Mark;
import io.keepset.plan.Figures;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells when the policies can't be read, or their newest revision is not in force. */
public final class PolicyWatch implements ProblemSource {
  static final String TARGET = "server/policies";

  /** Somebody mends a mistake, a Git server comes back: within this time nobody is woken. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration BETWEEN_MARKS = Duration.ofMinutes(1);

  private final WatchRecords records;
  private final String follows;
  private final Instant started;
  private @Nullable Look last;
  private Instant marked = Instant.MIN;

  /**
   * @param follows where the policies are, as printed
   */
  public PolicyWatch(WatchRecords records, String follows, Instant started) {
    this.records = records;
    this.follows = follows;
    this.started = started;
  }

  /**
   * How one look at the policies ended.
   *
   * @param read they could be read
   * @param problem why the newest revision is not in force
   */
  private record Look(Instant at, boolean read, Optional<String> problem) {}

  /** To be told after each look at the policies. */
  public synchronized void looked(Instant at, boolean read, Optional<String> problem) {
    boolean same = last != null && last.read == read && last.problem.equals(problem);
    last = new Look(at, read, problem);
    if (same && at.isBefore(marked.plus(BETWEEN_MARKS))) {
      return; // what is written to the state costs more than what it tells
    }
    marked = at;
    if (read) {
      records.mark(Mark.READ, at);
    }
    if (problem.isEmpty()) {
      records.mark(Mark.IN_FORCE, at);
    }
  }

  @Override
  public synchronized List<Problem> problems(Instant now) {
    Instant latest = last == null ? started : last.at;
    if (latest.plus(PATIENCE).isBefore(now)) {
      return List.of(
          Problem.error(
                  "watch.apply",
                  TARGET,
                  "nothing has looked at the policies for "
                      + Figures.age(Duration.between(latest, now)))
              .withHint("see what the server's log says; start it again")
              .since(latest));
    }
    if (last == null || last.problem.isEmpty()) {
      return List.of();
    }
    Instant good = records.marked(last.read ? Mark.IN_FORCE : Mark.READ).orElse(started);
    if (good.plus(PATIENCE).isAfter(now)) {
      return List.of(
          Problem.note(
                  last.read ? "watch.apply" : "watch.git",
                  TARGET,
                  (last.read ? "the newest policies are not in force: " : "can't be read: ")
                      + last.problem.get())
              .withHint(
                  last.read
                      ? "keepset plan says what is wrong; what was in force before stays"
                      : "tried again all the time; told as broken after an hour"));
    }
    return List.of(
        last.read
            ? Problem.error(
                    "watch.apply",
                    TARGET,
                    "the newest policies have not been in force for "
                        + Figures.age(Duration.between(good, now))
                        + ": "
                        + last.problem.get())
                .withHint("keepset plan says what is wrong; what was in force before stays")
                .since(good)
            : Problem.error(
                    "watch.git",
                    TARGET,
                    follows
                        + " could not be read for "
                        + Figures.age(Duration.between(good, now))
                        + ": "
                        + last.problem.get())
                .withHint("see docs/git.md; backups go on by the policies read last")
                .since(good));
  }
}
