package io.keepset.plan;

import io.keepset.policy.Cron;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Grades of the fields of a {@link Schedule}. */
final class ScheduleGrading {
  private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");

  /** 28 years hold every pairing of date and weekday equally often: all patterns count fairly. */
  private static final Duration CYCLE = Duration.ofDays(7 * (4 * 365 + 1));

  private final Map<Cron, Rhythm> rhythms = new HashMap<>();

  /**
   * How often a cron expression runs.
   *
   * @param longest time between two runs
   * @param runs in one {@link #CYCLE}
   */
  private record Rhythm(Duration longest, long runs) {}

  /**
   * @param path below {@code schedule}: {@code nightly.cron}
   */
  Grade of(String path, Protection before, Protection after) {
    String name = Grading.head(path);
    Schedule old = before.schedules().get(name);
    Schedule wanted = after.schedules().get(name);
    if (wanted == null) {
      return Grade.WEAKENS;
    }
    if (old == null) {
      return moreOften(before, after);
    }
    return switch (Grading.rest(path)) {
      case "jitter" -> Grade.NEUTRAL;
      case "timezone" -> timezone(after.retention());
      case "cron" -> cron(old, wanted, before, after);
      default -> Grade.WEAKENS;
    };
  }

  /** Backups of two days may be of one day in another zone; tiers then keep only one of them. */
  private static Grade timezone(Retention retention) {
    boolean calendar =
        !retention.tiers().isEmpty()
            || retention.within().keySet().stream().anyMatch(tier -> tier != Tier.ALL);
    return calendar ? Grade.WEAKENS : Grade.NEUTRAL;
  }

  private Grade cron(Schedule old, Schedule wanted, Protection before, Protection after) {
    Rhythm was = rhythm(old.cron());
    Rhythm is = rhythm(wanted.cron());
    if (is.longest().compareTo(was.longest()) > 0 || is.runs() < was.runs()) {
      return Grade.WEAKENS;
    }
    return is.runs() == was.runs() && is.longest().equals(was.longest())
        ? Grade.NEUTRAL
        : moreOften(before, after);
  }

  /**
   * More runs give more to restore from, unless retention counts them: the last 7 of hourly backups
   * reach back 7 hours, where the last 7 of nightly ones reached back a week.
   */
  private Grade moreOften(Protection before, Protection after) {
    if (before.schedules().isEmpty()) {
      return Grade.STRENGTHENS;
    }
    Retention retention = after.retention();
    Duration gap = shortestOfLongest(before.schedules().values());
    int covered = 0;
    for (Map.Entry<Tier, Integer> tier : retention.tiers().entrySet()) {
      if (gap.compareTo(period(tier.getKey())) <= 0) {
        covered = Math.max(covered, tier.getValue());
      }
    }
    if (retention.last() > covered) {
      return Grade.WEAKENS;
    }
    for (Map.Entry<Tier, Integer> tier : retention.tiers().entrySet()) {
      if (gap.compareTo(period(tier.getKey())) > 0 && tier.getValue() > covered) {
        return Grade.WEAKENS;
      }
    }
    return Grade.STRENGTHENS;
  }

  private Duration shortestOfLongest(Collection<Schedule> schedules) {
    Duration shortest = CYCLE;
    for (Schedule schedule : schedules) {
      Duration longest = rhythm(schedule.cron()).longest();
      shortest = longest.compareTo(shortest) < 0 ? longest : shortest;
    }
    return shortest;
  }

  /** The shortest a period gets: with gaps no longer than this none is without a backup. */
  private static Duration period(Tier tier) {
    return switch (tier) {
      case ALL -> Duration.ZERO;
      case HOURLY -> Duration.ofHours(1);
      case DAILY -> Duration.ofDays(1);
      case WEEKLY -> Duration.ofDays(7);
      case MONTHLY -> Duration.ofDays(28);
      case YEARLY -> Duration.ofDays(365);
    };
  }

  private Rhythm rhythm(Cron cron) {
    return rhythms.computeIfAbsent(
        cron, unknown -> new Rhythm(unknown.longestInterval(), runs(unknown)));
  }

  /** All days that match are alike, so the runs of one day stand for those of every other. */
  private static long runs(Cron cron) {
    Instant end = FROM.plus(CYCLE);
    Instant run = cron.next(FROM.minusSeconds(60), ZoneOffset.UTC);
    Instant tomorrow = startOfNextDay(run);
    long perDay = 0;
    for (Instant r = run; r.isBefore(tomorrow); r = cron.next(r, ZoneOffset.UTC)) {
      perDay++;
    }
    long days = 0;
    while (run.isBefore(end)) {
      days++;
      run = cron.next(startOfNextDay(run).minusSeconds(60), ZoneOffset.UTC);
    }
    return days * perDay;
  }

  private static Instant startOfNextDay(Instant run) {
    return run.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
  }
}
