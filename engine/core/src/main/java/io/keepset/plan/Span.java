package io.keepset.plan;

import io.keepset.retention.Backup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far back one can restore, and how finely.
 *
 * @param count backups that are kept
 * @param oldest the oldest of them
 * @param window its age: the recovery window
 * @param longestGap the longest time between two that follow each other; empty below two
 */
public record Span(
    int count, Optional<Backup> oldest, Optional<Duration> window, Optional<Duration> longestGap) {
  static final Span NONE = new Span(0, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @param kept oldest first
   */
  static Span of(List<Backup> kept, Instant now) {
    if (kept.isEmpty()) {
      return NONE;
    }
    Duration longest = Duration.ZERO;
    for (int i = 1; i < kept.size(); i++) {
      Duration gap = Duration.between(kept.get(i - 1).time(), kept.get(i).time());
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }
    Duration age = Duration.between(kept.get(0).time(), now);
    return new Span(
        kept.size(),
        Optional.of(kept.get(0)),
        Optional.of(age.isNegative() ? Duration.ZERO : age),
        kept.size() < 2 ? Optional.empty() : Optional.of(longest));
  }
}
