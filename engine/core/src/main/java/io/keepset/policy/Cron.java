package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five Unix fields, or one of {@code @hourly @daily @midnight @weekly @monthly
 * @yearly @annually}. Where both day fields are restricted a day need match only one of them, as in
 * Unix cron.
 *
 * <p>Runs are local times of a zone. A local time that a change to summer time skips runs at the
 * first instant after the gap, several such times together once; a local time that a change back
 * repeats runs once, at the first of the two. Equal by {@link #text}; immutable.
 */
public final class Cron {
  private static final Map<String, String> MACROS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final String CODE = "schedule.cron";

  private final String text;
  private final CronTimes times;

  /**
   * @param text a valid expression, as {@link #parse} would accept it
   * @throws IllegalArgumentException if it is not
   */
  public Cron(String text) {
    this(valid(text));
  }

  private Cron(Cron same) {
    this(same.text, same.times);
  }

  private Cron(String text, CronTimes times) {
    this.text = text;
    this.times = times;
  }

  private static Cron valid(String text) {
    Validated<Cron> parsed = parse(text, null);
    return parsed
        .valid()
        .orElseThrow(() -> new IllegalArgumentException(parsed.diagnostics().get(0).message()));
  }

  /** Reads an expression; every bad field is reported, with code {@code schedule.cron}. */
  public static Validated<Cron> parse(String text, @Nullable Location at) {
    String folded = text.strip().replaceAll("\\s+", " ");
    if (folded.isEmpty()) {
      return failed("cron is empty, five fields or a word such as @daily are allowed", null, at);
    }
    String expression = folded;
    if (folded.startsWith("@")) {
      String meaning = MACROS.get(folded.toLowerCase(Locale.ROOT));
      if (meaning == null) {
        return failed(
            "cron allows @hourly, @daily, @weekly, @monthly and @yearly, found \"" + folded + "\"",
            folded.equalsIgnoreCase("@reboot") ? "a backup needs a time, not an event" : null,
            at);
      }
      expression = meaning;
    }
    String[] fields = expression.split(" ", -1);
    if (fields.length != 5) {
      return failed(
          "cron takes five fields (minute hour day-of-month month day-of-week), found "
              + fields.length
              + " in \""
              + folded
              + "\"",
          fields.length > 5 ? "seconds and years belong to other dialects; leave them out" : null,
          at);
    }
    long[] bits = new long[5];
    List<Diagnostic> mistakes = new ArrayList<>();
    List<CronField> order = List.of(CronField.values());
    for (int i = 0; i < order.size(); i++) {
      try {
        bits[i] = order.get(i).read(fields[i]);
      } catch (CronField.Mistake mistake) {
        mistakes.add(Diagnostic.error(CODE, mistake.message(), at).withHint(mistake.hint()));
      }
    }
    if (!mistakes.isEmpty()) {
      return Validated.failed(mistakes);
    }
    boolean eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    CronTimes times = new CronTimes(bits[0], bits[1], bits[2], bits[3], bits[4], eitherDay);
    if (!times.possible()) {
      return failed(
          "cron needs a day that exists, found day " + fields[2] + " of month " + fields[3],
          "no year has such a day, so the schedule would never run",
          at);
    }
    return Validated.of(new Cron(folded, times));
  }

  private static Validated<Cron> failed(
      String message, @Nullable String hint, @Nullable Location at) {
    return Validated.failed(List.of(Diagnostic.error(CODE, message, at).withHint(hint)));
  }

  /** As written, blanks folded. */
  public String text() {
    return text;
  }

  /** The first run strictly after an instant. */
  public Instant next(Instant after, ZoneId zone) {
    // Local time to instant never goes backwards, so nothing before this local time can be later.
    LocalDateTime local = LocalDateTime.ofInstant(after, zone).truncatedTo(ChronoUnit.MINUTES);
    while (true) {
      local = times.atOrAfter(local);
      Instant run = instant(local, zone);
      if (run.isAfter(after)) {
        return run;
      }
      local = local.plusMinutes(1);
    }
  }

  /** The last run that is not after an instant. */
  public Instant previous(Instant notAfter, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(notAfter, zone).truncatedTo(ChronoUnit.MINUTES);
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    if (change != null && change.isOverlap() && !notAfter.isBefore(change.getInstant())) {
      // In the second pass of a repeated hour all runs of the first pass lie behind.
      local = change.getDateTimeBefore().minusMinutes(1);
    }
    while (true) {
      local = times.atOrBefore(local);
      Instant run = instant(local, zone);
      if (!run.isAfter(notAfter)) {
        return run;
      }
      local = local.minusMinutes(1);
    }
  }

  private static Instant instant(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    if (change != null && change.isGap()) {
      return change.getInstant();
    }
    return local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  /** The longest time between two runs, changes of summer time aside. */
  public Duration longestInterval() {
    long longest = 0;
    LocalDate from = LocalDate.of(2000, 1, 1);
    LocalDate day = times.nextDay(from);
    LocalDateTime run = day.atTime(times.first());
    // Within a day all matching days are alike; one is enough.
    LocalDateTime lastOfDay = day.atTime(times.last());
    while (run.isBefore(lastOfDay)) {
      LocalDateTime next = times.atOrAfter(run.plusMinutes(1));
      longest = Math.max(longest, ChronoUnit.MINUTES.between(run, next));
      run = next;
    }
    // 28 years hold every pairing of date and weekday outside the turn of a century.
    LocalDate end = times.everyWeekAlike() ? from.plusWeeks(2) : from.plusYears(28);
    while (day.isBefore(end)) {
      LocalDate next = times.nextDay(day);
      longest =
          Math.max(
              longest,
              ChronoUnit.MINUTES.between(day.atTime(times.last()), next.atTime(times.first())));
      day = next;
    }
    return Duration.ofMinutes(longest);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
