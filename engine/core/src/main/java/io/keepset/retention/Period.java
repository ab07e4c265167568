package io.keepset.retention;

import io.keepset.policy.Retention.Tier;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** The hour, day, week, month and year that a time is in, as numbers that grow with time. */
record Period(long hour, long day, long week, long month, long year) {
  /** Monday, 29 December 1969, is so many days before the first day of the epoch. */
  private static final int EPOCH_MONDAY = 3;

  static Period of(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    long day = local.toLocalDate().toEpochDay();
    return new Period(
        day * 24 + local.getHour(),
        day,
        Math.floorDiv(day + EPOCH_MONDAY, 7),
        local.getYear() * 12L + local.getMonthValue(),
        local.getYear());
  }

  /** The number of the period of this tier. */
  long of(Tier tier) {
    return switch (tier) {
      case ALL -> throw new IllegalArgumentException("every backup is a period of its own");
      case HOURLY -> hour;
      case DAILY -> day;
      case WEEKLY -> week;
      case MONTHLY -> month;
      case YEARLY -> year;
    };
  }
}
