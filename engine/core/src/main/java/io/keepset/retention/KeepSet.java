package io.keepset.retention;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backups of one database that its retention keeps, and those that it lets go.
 *
 * <p>Only CREATED and RESTORING backups take part; the others have no decision. Rules are joined by
 * "or" and mean what they mean to {@code restic forget --keep-*}. Empty and suspicious backups fill
 * no place and push nothing out. While the newest run failed or is suspicious everything is kept.
 * On cost: n log n.
 *
 * @param decisions for each backup that takes part, oldest first, then by id
 * @param frozen why nothing expires now, for people: {@code newest run failed}
 */
public record KeepSet(List<Decision> decisions, Optional<String> frozen) {
  public KeepSet {
    decisions = List.copyOf(decisions);
  }

  /** Nothing is held. */
  public static List<String> noHolds(Backup backup) {
    return List.of();
  }

  /**
   * Decides. The same backups in another order give the same answer; deciding again on what is kept
   * keeps all of it; a further rule, or a higher count, never lets more go. Two exceptions to the
   * last: the first rule of an empty retention, and the first limit on on-demand backups.
   *
   * @param backups of one database, originals or the copies in one store; any order, any state
   * @param zone whose calendar the tiers mean
   * @param now backups that claim to be from later do not move the window of the within-rules
   * @param holds for a backup the texts of the holds and locks on it: {@code hold case-1234}
   */
  public static KeepSet decide(
      Collection<Backup> backups,
      Retention rules,
      ZoneId zone,
      Instant now,
      Function<Backup, List<String>> holds) {
    return decide(backups, rules, zone, now, holds, backup -> true);
  }

  /**
   * The same for who decides about backups that are half gone beside others.
   *
   * @param mayBeOldest false for a backup that is never kept merely for being the oldest of all
   */
  static KeepSet decide(
      Collection<Backup> backups,
      Retention rules,
      ZoneId zone,
      Instant now,
      Function<Backup, List<String>> holds,
      Predicate<Backup> mayBeOldest) {
    List<Candidate> candidates = new ArrayList<>();
    for (Backup backup : backups) {
      if (takesPart(backup)) {
        candidates.add(Candidate.of(backup, zone, mayBeOldest.test(backup)));
      }
    }
    candidates.sort(Candidate.NEWEST_FIRST);
    Optional<String> frozen = freeze(backups);
    List<List<Reason>> reasons = reasons(candidates, rules, zone, now);
    List<Decision> decisions = new ArrayList<>(candidates.size());
    for (int i = candidates.size() - 1; i >= 0; i--) {
      Backup backup = candidates.get(i).backup();
      List<Reason> all = reasons.get(i);
      for (String hold : holds.apply(backup)) {
        all.add(new Reason("hold", hold));
      }
      if (backup.state() == BackupState.RESTORING) {
        all.add(new Reason("restoring", "being restored"));
      }
      if (all.isEmpty() && frozen.isPresent()) {
        all.add(new Reason(Reason.FROZEN, frozen.get() + ": nothing expires"));
      }
      decisions.add(new Decision(backup, all));
    }
    return new KeepSet(decisions, frozen);
  }

  /** What stays, oldest first. */
  public List<Backup> kept() {
    return decisions.stream().filter(Decision::kept).map(Decision::backup).toList();
  }

  /** What goes, oldest first. */
  public List<Backup> expired() {
    return decisions.stream().filter(d -> !d.kept()).map(Decision::backup).toList();
  }

  private static boolean takesPart(Backup backup) {
    return switch (backup.state()) {
      case CREATED -> true;
      // One that had expired before somebody began to restore it goes back to EXPIRED.
      case RESTORING -> backup.expiredAt().isEmpty();
      case CREATING, FAILED, EXPIRED, DELETED -> false;
    };
  }

  /** Why the newest run that ended is no reason to let anything go. */
  public static Optional<String> freeze(Collection<Backup> backups) {
    return backups.stream()
        .filter(KeepSet::isRun)
        .max(Comparator.comparing(Backup::time).thenComparing(Backup::id))
        .flatMap(
            newest -> {
              if (newest.state() == BackupState.FAILED) {
                return Optional.of("newest run failed");
              }
              return Candidate.counts(newest)
                  ? Optional.empty()
                  : Optional.of("newest run is suspicious");
            });
  }

  private static boolean isRun(Backup backup) {
    boolean ended =
        switch (backup.state()) {
          case CREATED, RESTORING, FAILED, EXPIRED -> true;
          case CREATING, DELETED -> false;
        };
    return ended
        && switch (backup.kind()) {
          case SCHEDULED, ON_DEMAND, FINAL -> true;
          case UPLOADED, COPY -> false;
        };
  }

  /** Takes the reasons for a candidate as they are found. */
  @FunctionalInterface
  private interface Sink {
    void add(int candidate, Supplier<Reason> reason);
  }

  /** All reasons that the rules give, by position; candidates come newest first. */
  static List<List<Reason>> reasons(
      List<Candidate> candidates, Retention rules, ZoneId zone, Instant now) {
    List<List<Reason>> reasons = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      reasons.add(new ArrayList<>(2));
    }
    judge(candidates, rules, zone, now, (i, reason) -> reasons.get(i).add(reason.get()));
    return reasons;
  }

  /** Whether there is any, by position; for those who judge often and print nothing. */
  static boolean[] keeps(List<Candidate> candidates, Retention rules, ZoneId zone, Instant now) {
    boolean[] kept = new boolean[candidates.size()];
    judge(candidates, rules, zone, now, (i, reason) -> kept[i] = true);
    return kept;
  }

  private static void judge(
      List<Candidate> candidates, Retention rules, ZoneId zone, Instant now, Sink reasons) {
    List<Integer> tiered = new ArrayList<>();
    List<Integer> onDemand = new ArrayList<>();
    List<Integer> verified = new ArrayList<>();
    List<Integer> own = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      switch (candidate.backup().kind()) {
        case SCHEDULED, COPY -> tiered.add(i);
        case ON_DEMAND, UPLOADED -> onDemand.add(i);
        case FINAL -> reasons.add(i, () -> new Reason("final", "final"));
      }
      switch (candidate.backup().kind()) {
        case SCHEDULED, ON_DEMAND, FINAL -> own.add(i);
        case COPY, UPLOADED -> {}
      }
      if (candidate.counts() && candidate.backup().verified()) {
        verified.add(i);
      }
    }
    rules
        .window()
        .ifPresent(
            window ->
                walk(candidates, own, List.of(Rule.window(window, now.minus(window))), reasons));
    if (rules.isEmpty()) {
      tiered.forEach(i -> reasons.add(i, () -> new Reason("no_rule", "no rule lets it go")));
    } else {
      walk(candidates, tiered, rules(candidates, tiered, rules, zone, now), reasons);
    }
    if (rules.onDemand() == Retention.FOREVER) {
      onDemand.forEach(i -> reasons.add(i, () -> new Reason("on_demand", "on-demand, no limit")));
    } else {
      Rule newest = Rule.last("on_demand", "on-demand", rules.onDemand());
      walk(candidates, onDemand, List.of(newest), reasons);
    }
    List<Rule> minimum = List.of(Rule.last("minimum", "minimum", rules.minimum()));
    walk(candidates, verified, minimum, reasons);
  }

  private static List<Rule> rules(
      List<Candidate> candidates, List<Integer> tiered, Retention rules, ZoneId zone, Instant now) {
    List<Rule> walking = new ArrayList<>();
    if (rules.last() > 0) {
      walking.add(Rule.last("last", "last", rules.last()));
    }
    for (Map.Entry<Tier, Integer> tier : rules.tiers().entrySet()) {
      walking.add(Rule.tier(tier.getKey(), tier.getValue()));
    }
    Instant newest = newest(candidates, tiered, now);
    rules.within().forEach((tier, age) -> walking.add(Rule.within(tier, age, newest, zone)));
    return walking;
  }

  private static @Nullable Instant newest(
      List<Candidate> candidates, List<Integer> tiered, Instant now) {
    for (int i : tiered) {
      Candidate candidate = candidates.get(i);
      if (candidate.counts() && !candidate.backup().time().isAfter(now)) {
        return candidate.backup().time();
      }
    }
    return null;
  }

  private static void walk(
      List<Candidate> candidates, List<Integer> which, List<Rule> rules, Sink reasons) {
    int oldest = -1;
    for (int i : which) {
      Candidate candidate = candidates.get(i);
      oldest = candidate.counts() && candidate.mayBeOldest() ? i : oldest;
    }
    for (int i : which) {
      for (Rule rule : rules) {
        Rule.Place place = rule.judge(candidates.get(i), i == oldest);
        if (place != Rule.Place.NONE) {
          reasons.add(i, () -> rule.reason(place));
        }
      }
    }
  }
}
