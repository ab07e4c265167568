package io.keepset.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * The least that a compliance rule demands in one field.
 *
 * @param rule name of the rule
 * @param path as in {@link ProtectionFields}, or {@code copies}, {@code rpo}, {@code
 *     verified_within}
 * @param value in the words of policy files
 */
public record Demand(String rule, String path, String value) {
  private static final String RETENTION = "retention.";

  /** What the protection has instead; empty if it has as much as is demanded, or more. */
  public Optional<String> shortfall(Protection protection) {
    Retention retention = protection.retention();
    return switch (path) {
      case "copies" -> fewer(protection.copies().size());
      case "point_in_time" -> shorter(protection.pointInTime());
      case "grace" -> shorter(Optional.of(protection.grace()));
      case "rpo" -> looser(protection.objective().rpo());
      case "verified_within" -> looser(protection.objective().verifiedWithin());
      case "retention.minimum" -> fewer(retention.minimum());
      case "retention.on_demand" -> fewer(retention.onDemand());
      // Without a rule everything is kept.
      default -> retention.isEmpty() ? Optional.empty() : tier(retention);
    };
  }

  /** Where the value stands that falls short, as in {@link ProtectionFields}. */
  public String field() {
    return switch (path) {
      case "copies" -> "copy";
      case "rpo", "verified_within" -> "objective." + path;
      default -> path;
    };
  }

  /** Positive if this demands more than the other, negative for less. */
  public int compareStrictness(Demand other) {
    boolean tighter = path.equals("rpo") || path.equals("verified_within");
    if (isDuration()) {
      int comparison = duration().compareTo(other.duration());
      return tighter ? -comparison : comparison;
    }
    return Integer.compare(count(), other.count());
  }

  private Optional<String> tier(Retention retention) {
    if (path.equals("retention.last")) {
      return fewer(retention.last());
    }
    for (Retention.Tier tier : Retention.Tier.values()) {
      if (path.equals(RETENTION + tier.withinKey())) {
        return shorter(Optional.ofNullable(retention.within().get(tier)));
      } else if (path.equals(RETENTION + tier.word())) {
        return fewer(retention.tiers().getOrDefault(tier, 0));
      }
    }
    return Optional.of("nothing of the kind");
  }

  private boolean isDuration() {
    return !path.equals("copies")
        && (!path.startsWith(RETENTION) || path.startsWith(RETENTION + "within"));
  }

  private int count() {
    return value.equals("forever") ? Retention.FOREVER : Integer.parseInt(value);
  }

  private Duration duration() {
    return Durations.parse(value).orElse(Duration.ZERO);
  }

  private Optional<String> fewer(int has) {
    // Zero on-demand backups means "no limit", as everywhere in a retention.
    int wanted = path.equals("retention.on_demand") && count() == 0 ? Retention.FOREVER : count();
    return has >= wanted ? Optional.empty() : Optional.of(String.valueOf(has));
  }

  private Optional<String> shorter(Optional<Duration> has) {
    Duration actual = has.orElse(Duration.ZERO);
    return actual.compareTo(duration()) >= 0
        ? Optional.empty()
        : Optional.of(has.map(Durations::format).orElse("none"));
  }

  private Optional<String> looser(Optional<Duration> has) {
    return has.isPresent() && has.get().compareTo(duration()) <= 0
        ? Optional.empty()
        : Optional.of(has.map(Durations::format).orElse("none"));
  }
}
