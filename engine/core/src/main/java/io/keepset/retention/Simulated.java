package io.keepset.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Simulation} came to.
 *
 * @param backups all that were ever made up to then, deleted ones too, oldest first; reasons are
 *     those of that moment, and a backup without any is not kept
 * @param frozen why nothing expires at that moment
 */
public record Simulated(Instant at, List<Decision> backups, Optional<String> frozen) {
  public Simulated {
    backups = List.copyOf(backups);
  }

  public List<Backup> kept() {
    return backups.stream().filter(Decision::kept).map(Decision::backup).toList();
  }

  /** All but runs that failed or are not yet done. */
  public List<Backup> made() {
    return backups.stream()
        .map(Decision::backup)
        .filter(b -> b.state() != BackupState.FAILED && b.state() != BackupState.CREATING)
        .toList();
  }

  /** No longer kept, restorable still. */
  public List<Backup> inGrace() {
    return backups.stream()
        .map(Decision::backup)
        .filter(b -> b.state() == BackupState.EXPIRED)
        .toList();
  }

  /** The longest time between two kept backups that follow each other. */
  public Optional<Gap> longestGap() {
    Gap longest = null;
    List<Backup> kept = kept();
    for (int i = 1; i < kept.size(); i++) {
      Gap gap = new Gap(kept.get(i - 1).time(), kept.get(i).time());
      if (longest == null || gap.length().compareTo(longest.length()) > 0) {
        longest = gap;
      }
    }
    return Optional.ofNullable(longest);
  }

  /** The sum of what is known, in bytes; of what is stored where that is known. */
  public static long bytes(List<Backup> backups) {
    return backups.stream().mapToLong(b -> b.storedSize().orElse(b.size().orElse(0))).sum();
  }

  /** A time without backups. */
  public record Gap(Instant from, Instant to) {
    public Duration length() {
      return Duration.between(from, to);
    }
  }
}
