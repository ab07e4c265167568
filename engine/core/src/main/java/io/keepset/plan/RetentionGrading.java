package io.keepset.plan;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.util.Optional;

/** Grades of the fields of a {@link Retention}. */
final class RetentionGrading {
  private RetentionGrading() {}

  /**
   * @param key as in policy files: {@code daily}, {@code within_weekly}, {@code minimum}
   */
  static Grade of(String key, Retention before, Retention after) {
    if (key.equals("minimum")) {
      return Grading.grade(Integer.compare(after.minimum(), before.minimum()));
    }
    if (key.equals("on_demand")) {
      return Grading.grade(Integer.compare(after.onDemand(), before.onDemand()));
    }
    if (before.isEmpty() != after.isEmpty()) {
      // Without any rule everything is kept: the first rule takes, the last one that goes gives.
      return after.isEmpty() ? Grade.STRENGTHENS : Grade.WEAKENS;
    }
    if (key.equals("last")) {
      return Grading.grade(Integer.compare(after.last(), before.last()));
    }
    for (Tier tier : Tier.values()) {
      if (key.equals(tier.withinKey())) {
        return Grading.longerIsBetter(within(before, tier), within(after, tier));
      }
      if (key.equals(tier.word())) {
        return Grading.grade(Integer.compare(count(after, tier), count(before, tier)));
      }
    }
    return Grade.WEAKENS;
  }

  private static int count(Retention retention, Tier tier) {
    return retention.tiers().getOrDefault(tier, 0);
  }

  private static Optional<Duration> within(Retention retention, Tier tier) {
    return Optional.ofNullable(retention.within().get(tier));
  }
}
