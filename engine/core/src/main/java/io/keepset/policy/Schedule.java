package io.keepset.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a backup runs. All times are those of one database, its jitter included.
 *
 * @param name unique within its policy
 * @param zone whose calendar the cron fields mean
 * @param jitter each database runs at a stable offset in {@code [0, jitter)} after the cron time
 */
public record Schedule(String name, Cron cron, ZoneId zone, Duration jitter) {

  /** The first run strictly after an instant. */
  public Instant next(String database, Instant after) {
    Duration offset = offset(database);
    return cron.next(after.minus(offset), zone).plus(offset);
  }

  /** The next n runs after an instant, in order. */
  public List<Instant> next(String database, Instant after, int n) {
    Duration offset = offset(database);
    List<Instant> runs = new ArrayList<>();
    Instant last = after.minus(offset);
    for (int i = 0; i < n; i++) {
      last = cron.next(last, zone);
      runs.add(last.plus(offset));
    }
    return List.copyOf(runs);
  }

  /** The last run that is not after an instant. */
  public Instant previous(String database, Instant notAfter) {
    Duration offset = offset(database);
    return cron.previous(notAfter.minus(offset), zone).plus(offset);
  }

  /**
   * The run that was missed and is to be caught up now, if any: the latest one due, however many
   * were missed; and not if the next one is nearer than half the time between the two.
   *
   * @param since the latest run that was started, or when the schedule came into force
   */
  public Optional<Instant> missed(String database, Instant since, Instant now) {
    Instant due = previous(database, now);
    if (!due.isAfter(since)) {
      return Optional.empty();
    }
    Instant next = next(database, now);
    Duration interval = Duration.between(due, next);
    return Duration.between(now, next).multipliedBy(2).compareTo(interval) < 0
        ? Optional.empty()
        : Optional.of(due);
  }

  /** The longest time between two runs, changes of summer time aside. */
  public Duration interval() {
    return cron.longestInterval();
  }

  /**
   * How long after the cron time a database runs: whole seconds, the same in every process, on
   * every machine and in every release.
   */
  public Duration offset(String database) {
    long seconds = jitter.toSeconds();
    if (seconds <= 0) {
      return Duration.ZERO;
    }
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(database.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    return Duration.ofSeconds(
        Long.remainderUnsigned(java.nio.ByteBuffer.wrap(hash).getLong(), seconds));
  }
}
