package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/** All policy rules, asked in order. */
final class Contradictions {
  private static final List<PolicyRule> RULES =
      List.of(
          new ScheduleRules.NothingScheduled(),
          new ScheduleRules.JitterWithinSchedule(),
          new ScheduleRules.RpoWithinSchedule(),
          new ScheduleRules.PointInTimeNeedsSchedule(),
          new ScheduleRules.PointInTimeNeedsEngine(),
          new RetentionRules.TierOrder(),
          new RetentionRules.MinimumReachable(),
          new RetentionRules.GraceWithinRetention(),
          new RetentionRules.KeepsEverything(),
          new DatabaseRules.SuspensionIsPlain(),
          new DatabaseRules.CopyElsewhere());

  private Contradictions() {}

  static List<Diagnostic> in(Subject subject) {
    return RULES.stream().flatMap(rule -> rule.check(subject).stream()).toList();
  }
}
