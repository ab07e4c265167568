package io.keepset.policy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;

/**
 * The local times that a cron expression matches, on a calendar without zones.
 *
 * @param minutes bits of the fields, one bit a value; days of the week with Sunday as bit 0
 * @param eitherDay both day fields are restricted, so that a day need match only one of them
 */
record CronTimes(
    long minutes, long hours, long days, long months, long weekdays, boolean eitherDay) {
  /** After so many years the calendar repeats, weekdays included. */
  private static final int CALENDAR_YEARS = 400;

  private static final int LONGEST_FEBRUARY = 29;
  private static final long ALL_DAYS = 0xFFFF_FFFEL;
  private static final long ALL_MONTHS = 0x1FFEL;

  /** False if no year has a day that matches: the 30th of February. */
  boolean possible() {
    if (eitherDay) {
      return true;
    }
    for (int month = 1; month <= 12; month++) {
      int length = month == 2 ? LONGEST_FEBRUARY : YearMonth.of(2023, month).lengthOfMonth();
      if (has(months, month) && Long.lowestOneBit(days) <= 1L << length) {
        return true;
      }
    }
    return false;
  }

  /** True if only the day of the week decides, or not even that. */
  boolean everyWeekAlike() {
    return ALL_DAYS == (days & ALL_DAYS) && ALL_MONTHS == (months & ALL_MONTHS) && !eitherDay;
  }

  /** The first match that is not before a time; seconds are ignored. */
  LocalDateTime atOrAfter(LocalDateTime start) {
    if (matches(start.toLocalDate())) {
      for (int hour = start.getHour(); hour < 24; hour++) {
        if (has(hours, hour)) {
          int from = hour == start.getHour() ? start.getMinute() : 0;
          long left = minutes >>> from;
          if (left != 0) {
            return start.toLocalDate().atTime(hour, from + Long.numberOfTrailingZeros(left));
          }
        }
      }
    }
    return nextDay(start.toLocalDate()).atTime(first());
  }

  /** The last match that is not after a time. */
  LocalDateTime atOrBefore(LocalDateTime start) {
    if (matches(start.toLocalDate())) {
      for (int hour = start.getHour(); hour >= 0; hour--) {
        if (has(hours, hour)) {
          int to = hour == start.getHour() ? start.getMinute() : 59;
          long left = minutes & ((1L << (to + 1)) - 1);
          if (left != 0) {
            return start.toLocalDate().atTime(hour, 63 - Long.numberOfLeadingZeros(left));
          }
        }
      }
    }
    return previousDay(start.toLocalDate()).atTime(last());
  }

  boolean matches(LocalDate day) {
    boolean inMonth = has(days, day.getDayOfMonth());
    boolean inWeek = has(weekdays, day.getDayOfWeek().getValue() % 7);
    return has(months, day.getMonthValue()) && (eitherDay ? inMonth || inWeek : inMonth && inWeek);
  }

  LocalDate nextDay(LocalDate day) {
    LocalDate limit = day.plusYears(CALENDAR_YEARS + 1);
    LocalDate next = day.plusDays(1);
    while (next.isBefore(limit)) {
      if (!has(months, next.getMonthValue())) {
        next = next.withDayOfMonth(1).plusMonths(1);
      } else if (matches(next)) {
        return next;
      } else {
        next = next.plusDays(1);
      }
    }
    throw new IllegalStateException("a cron expression that never matches was let through");
  }

  LocalDate previousDay(LocalDate day) {
    LocalDate limit = day.minusYears(CALENDAR_YEARS + 1);
    LocalDate previous = day.minusDays(1);
    while (previous.isAfter(limit)) {
      if (!has(months, previous.getMonthValue())) {
        previous = previous.withDayOfMonth(1).minusDays(1);
      } else if (matches(previous)) {
        return previous;
      } else {
        previous = previous.minusDays(1);
      }
    }
    throw new IllegalStateException("a cron expression that never matches was let through");
  }

  /** The first match of a day that matches. */
  LocalTime first() {
    return LocalTime.of(Long.numberOfTrailingZeros(hours), Long.numberOfTrailingZeros(minutes));
  }

  /** The last match of a day that matches. */
  LocalTime last() {
    return LocalTime.of(
        63 - Long.numberOfLeadingZeros(hours), 63 - Long.numberOfLeadingZeros(minutes));
  }

  private static boolean has(long bits, int value) {
    return (bits & (1L << value)) != 0;
  }
}
