package io.keepset.retention.picture;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Places in time from left to right. Over long spans the recent past is drawn wider, by the square
 * root of the age: retention thins out with age, and so do the marks.
 */
final class TimeAxis {
  /** A mark of the calendar below the picture. */
  record Tick(double x, String label, boolean major) {}

  private static final Duration LONG = Duration.ofDays(75);
  private static final double BETWEEN_TICKS = 58;

  /** A unit that takes up less gets no ticks there: they would look random among coarser ones. */
  private static final double SEEN = 28;

  private final Instant begin;
  private final Instant end;
  private final double left;
  private final double width;
  private final ZoneId zone;

  TimeAxis(Instant begin, Instant end, double left, double width, ZoneId zone) {
    this.begin = begin;
    this.end = end.isAfter(begin) ? end : begin.plusSeconds(1);
    this.left = left;
    this.width = width;
    this.zone = zone;
  }

  boolean widensThePresent() {
    return Duration.between(begin, end).compareTo(LONG) > 0;
  }

  double x(Instant time) {
    double span = Duration.between(begin, end).toSeconds();
    double age = Math.max(0, Duration.between(time, end).toSeconds()) / Math.max(1, span);
    return left + width * (1 - (widensThePresent() ? Math.sqrt(age) : age));
  }

  /** As many as fit, the coarse ones first. */
  List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    for (Unit unit : Unit.values()) {
      if (unit.least(Duration.between(begin, end))) {
        add(unit, ticks);
      }
    }
    ticks.sort(Comparator.comparing(Tick::x));
    return ticks;
  }

  private double x(LocalDateTime time) {
    return x(time.atZone(zone).toInstant());
  }

  private void add(Unit unit, List<Tick> ticks) {
    LocalDateTime local = unit.floor(LocalDateTime.ofInstant(end, zone));
    List<Tick> fits = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      Instant at = local.atZone(zone).toInstant();
      if (at.isBefore(begin)) {
        break;
      }
      double x = x(at);
      if (!at.isAfter(end) && x - left > 12 && left + width - x > 12) {
        boolean free =
            ticks.stream().noneMatch(t -> Math.abs(t.x() - x) < BETWEEN_TICKS)
                && fits.stream().noneMatch(t -> Math.abs(t.x() - x) < BETWEEN_TICKS);
        if (free && (unit.always() || x - x(unit.before(local)) >= SEEN)) {
          fits.add(new Tick(x, unit.label(local), unit == Unit.YEAR));
        }
      }
      local = unit.before(local);
    }
    ticks.addAll(fits);
  }

  /** What ticks may stand at. */
  private enum Unit {
    YEAR(ChronoUnit.YEARS, 1, "uuuu"),
    QUARTER(ChronoUnit.MONTHS, 3, "MMM uuuu"),
    MONTH(ChronoUnit.MONTHS, 1, "MMM uuuu"),
    WEEK(ChronoUnit.WEEKS, 1, "d MMM"),
    DAY(ChronoUnit.DAYS, 1, "d MMM"),
    QUARTER_DAY(ChronoUnit.HOURS, 6, "d MMM HH:mm"),
    HOUR(ChronoUnit.HOURS, 1, "HH:mm");

    private final ChronoUnit unit;
    private final int count;
    private final DateTimeFormatter label;

    Unit(ChronoUnit unit, int count, String label) {
      this.unit = unit;
      this.count = count;
      this.label = DateTimeFormatter.ofPattern(label, Locale.ENGLISH);
    }

    boolean always() {
      return this == YEAR || this == QUARTER;
    }

    /** Hours over years would be thousands of places that nobody sees. */
    boolean least(Duration span) {
      return switch (this) {
        case YEAR, QUARTER, MONTH -> true;
        case WEEK, DAY -> span.toDays() < 3000;
        case QUARTER_DAY -> span.toDays() < 30;
        case HOUR -> span.toDays() < 3;
      };
    }

    LocalDateTime floor(LocalDateTime time) {
      LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
      return switch (this) {
        case YEAR -> day.withDayOfYear(1);
        case QUARTER -> day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3);
        case MONTH -> day.withDayOfMonth(1);
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case DAY -> day;
        case QUARTER_DAY -> time.truncatedTo(ChronoUnit.HOURS).minusHours(time.getHour() % 6);
        case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      };
    }

    LocalDateTime before(LocalDateTime time) {
      return time.minus(count, unit);
    }

    String label(LocalDateTime time) {
      return label.format(time);
    }
  }
}
