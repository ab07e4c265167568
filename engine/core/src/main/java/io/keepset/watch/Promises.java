package io.keepset.watch;

import io.keepset.plan.Figures;
import io.keepset.policy.Objective;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The objectives of one database, each met or not, with the reason. */
public final class Promises {
  private Promises() {}

  /** Which of them. */
  public enum Kind {
    RPO("rpo"),
    RTO("rto"),
    VERIFIED_WITHIN("verified_within");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As in policy files. */
    public String word() {
      return word;
    }
  }

  /** How it stands. */
  public enum State {
    MET("met"),
    BROKEN("broken"),
    /** Nobody has measured it yet. */
    NOT_MEASURED("not measured");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * One objective that the policy names.
   *
   * @param promised what was promised
   * @param actual what is, if it is known
   * @param reason for people: {@code newest good backup is 5 h old}
   */
  public record Promise(
      Kind kind, State state, Duration promised, Optional<Duration> actual, String reason) {}

  /** Those that the protection names; none is made up. */
  public static List<Promise> of(Watched watched, Instant now) {
    Objective objective = watched.protection().objective();
    History history = new History(watched.backups(), now);
    List<Promise> promises = new ArrayList<>();
    objective
        .rpo()
        .ifPresent(rpo -> promises.add(aged(Kind.RPO, rpo, history.newestGood(), watched, now)));
    objective.rto().ifPresent(rto -> promises.add(rto(rto, watched.restore())));
    objective
        .verifiedWithin()
        .ifPresent(
            within ->
                promises.add(
                    history.newestGood().isEmpty()
                        ? aged(Kind.VERIFIED_WITHIN, within, Optional.empty(), watched, now)
                        : verified(within, history.lastVerified(), now)));
    return List.copyOf(promises);
  }

  /**
   * The newest backup that can be restored and is worth it: verified, not suspicious, not empty,
   * and no upload, whose data may be of any age.
   */
  public static Optional<Backup> newestGood(List<Backup> backups, Instant now) {
    return new History(backups, now).newestGood();
  }

  private static Promise aged(
      Kind kind, Duration promised, Optional<Backup> newest, Watched watched, Instant now) {
    Optional<Duration> age = newest.map(b -> Duration.between(b.time(), now));
    if (age.isPresent()) {
      return new Promise(
          kind,
          age.get().compareTo(promised) <= 0 ? State.MET : State.BROKEN,
          promised,
          age,
          "the newest good backup is " + Figures.age(age.get()) + " old");
    }
    if (watched.protection().suspension().filter(Suspension::disabled).isPresent()) {
      return new Promise(
          kind, State.NOT_MEASURED, promised, Optional.empty(), "backups are disabled");
    }
    // Before the first run can have been made nobody has broken a promise.
    Optional<Instant> since =
        watched.schedules().values().stream()
            .map(ScheduleState::since)
            .min(Comparator.naturalOrder());
    boolean early = since.filter(at -> at.plus(promised).isAfter(now)).isPresent();
    return new Promise(
        kind,
        early ? State.NOT_MEASURED : State.BROKEN,
        promised,
        Optional.empty(),
        early ? "the first backup is still to come" : "there is no good backup");
  }

  private static Promise rto(Duration rto, Optional<Measured> restore) {
    if (restore.isEmpty()) {
      return new Promise(
          Kind.RTO,
          State.NOT_MEASURED,
          rto,
          Optional.empty(),
          "no restore has been made here yet that could be measured");
    }
    Duration took = restore.get().took();
    return new Promise(
        Kind.RTO,
        took.compareTo(rto) <= 0 ? State.MET : State.BROKEN,
        rto,
        Optional.of(took),
        "the last restore took " + Figures.age(took));
  }

  static Promise verified(Duration within, Optional<Instant> last, Instant now) {
    Optional<Duration> age = last.map(at -> Duration.between(at, now));
    return new Promise(
        Kind.VERIFIED_WITHIN,
        age.filter(a -> a.compareTo(within) <= 0).isPresent() ? State.MET : State.BROKEN,
        within,
        age,
        age.map(a -> "a backup was last verified " + Figures.age(a) + " ago")
            .orElse("no backup has been verified"));
  }
}
