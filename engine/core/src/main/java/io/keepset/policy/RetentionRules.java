package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules about what is kept. */
final class RetentionRules {
  private RetentionRules() {}

  /** A coarse tier that ends before a finer one does keeps nothing that the finer one does not. */
  static final class TierOrder implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      Retention retention = subject.rules().retention();
      List<Diagnostic> found = new ArrayList<>(tiers(subject, retention));
      found.addAll(within(subject, retention));
      return found;
    }

    private static List<Diagnostic> tiers(Subject subject, Retention retention) {
      List<Diagnostic> found = new ArrayList<>();
      for (Map.Entry<Tier, Integer> coarse : retention.tiers().entrySet()) {
        for (Map.Entry<Tier, Integer> fine :
            retention.tiers().headMap(coarse.getKey()).entrySet()) {
          long reach = (long) coarse.getValue() * longest(coarse.getKey());
          long finer = (long) fine.getValue() * shortest(fine.getKey());
          // One period more: where the calendar cuts, the coarse tier may still reach a bit
          // further.
          if (reach + longest(coarse.getKey()) < finer) {
            found.add(
                order(subject, coarse.getKey().word(), coarse.getValue(), fine)
                    .withHint(
                        "raise "
                            + coarse.getKey().word()
                            + " to at least "
                            + (finer / longest(coarse.getKey()) + 1)
                            + ", or leave it out"));
            break;
          }
        }
      }
      return found;
    }

    private static Diagnostic order(
        Subject subject, String coarse, int count, Map.Entry<Tier, Integer> fine) {
      String fineWord = fine.getKey().word();
      return Diagnostic.error(
          "retention.tiers",
          String.format(
              "%s: %d ends before %s: %d does, so it keeps nothing",
              coarse, count, fineWord, fine.getValue()),
          subject.at(List.of("retention." + coarse, "retention." + fineWord)));
    }

    private static List<Diagnostic> within(Subject subject, Retention retention) {
      List<Diagnostic> found = new ArrayList<>();
      retention
          .within()
          .forEach(
              (coarse, age) ->
                  retention.within().headMap(coarse).entrySet().stream()
                      .filter(fine -> fine.getValue().compareTo(age) >= 0)
                      .findFirst()
                      .ifPresent(fine -> found.add(shorter(subject, coarse, age, fine))));
      return found;
    }

    private static Diagnostic shorter(
        Subject subject, Tier coarse, Duration age, Map.Entry<Tier, Duration> fine) {
      return Diagnostic.error(
              "retention.tiers",
              String.format(
                  "%s: %s ends no later than %s: %s, so it keeps nothing",
                  coarse.withinKey(),
                  Durations.format(age),
                  fine.getKey().withinKey(),
                  Durations.format(fine.getValue())),
              subject.at(
                  List.of(
                      "retention." + coarse.withinKey(), "retention." + fine.getKey().withinKey())))
          .withHint("make " + coarse.withinKey() + " longer, or leave it out");
    }
  }

  /** Nobody can keep more backups than the rules ever keep. */
  static final class MinimumReachable implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      Retention retention = subject.rules().retention();
      if (retention.isEmpty() || !retention.within().isEmpty()) {
        return List.of();
      }
      // The newest backup counts for every rule, each other one for at least one of them.
      int most = 1 + Math.max(0, retention.last() - 1);
      for (int count : retention.tiers().values()) {
        most += count - 1;
      }
      return retention.minimum() <= most
          ? List.of()
          : List.of(
              Diagnostic.error(
                      "retention.minimum",
                      "minimum is "
                          + retention.minimum()
                          + ", but the other rules keep "
                          + most
                          + " backups at most",
                      subject.at("retention.minimum"))
                  .withHint("lower minimum, or keep more: last: " + retention.minimum()));
    }
  }

  /** Grace is time after retention, not instead of it. */
  static final class GraceWithinRetention implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      Duration grace = subject.rules().grace();
      Optional<Duration> reach = reach(subject.rules());
      // A grace that nobody wrote is no contradiction of theirs.
      Origin origin = subject.origins().get("grace");
      if (reach.isEmpty()
          || grace.compareTo(reach.get()) <= 0
          || origin == null
          || origin.level().equals(Origin.BUILT_IN)) {
        return List.of();
      }
      return List.of(
          Diagnostic.error(
                  "retention.grace",
                  "grace is "
                      + Durations.format(grace)
                      + ", longer than backups are kept at all ("
                      + Durations.format(reach.get())
                      + ")",
                  subject.at("grace"))
              .withHint("keep backups longer, or make grace shorter"));
    }

    private static Optional<Duration> reach(Rules rules) {
      Retention retention = rules.retention();
      if (retention.isEmpty() || (retention.last() > 0 && rules.timetable().isEmpty())) {
        return Optional.empty();
      }
      Duration gap = rules.timetable().longestGap();
      Duration reach = gap.multipliedBy(retention.last());
      for (Map.Entry<Tier, Integer> tier : retention.tiers().entrySet()) {
        Duration period = Duration.ofHours(longest(tier.getKey()));
        Duration step = period.compareTo(gap) > 0 ? period : gap;
        reach = longer(reach, step.multipliedBy(tier.getValue()));
      }
      for (Duration age : retention.within().values()) {
        reach = longer(reach, age);
      }
      return Optional.of(reach);
    }

    private static Duration longer(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }
  }

  /** No retention is allowed, but seldom meant. */
  static final class KeepsEverything implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      boolean off = subject.protection().flatMap(Protection::suspension).isPresent();
      return off || !subject.rules().retention().isEmpty()
          ? List.of()
          : List.of(
              Diagnostic.warning(
                      "retention.empty",
                      subject.name() + " has no retention: every backup is kept for ever",
                      subject.at())
                  .withHint("say what to keep: retention: {daily: 30, monthly: 12}"));
    }
  }

  /** The most hours that one period can have. */
  private static long longest(Tier tier) {
    return switch (tier) {
      case ALL, HOURLY -> 1;
      case DAILY -> 24;
      case WEEKLY -> 7 * 24;
      case MONTHLY -> 31 * 24;
      case YEARLY -> 366 * 24;
    };
  }

  private static long shortest(Tier tier) {
    return switch (tier) {
      case ALL, HOURLY -> 1;
      case DAILY -> 24;
      case WEEKLY -> 7 * 24;
      case MONTHLY -> 28 * 24;
      case YEARLY -> 365 * 24;
    };
  }
}
