package io.keepset.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days whose backups a hold keeps, on the clocks of one database. Its text can be read back.
 *
 * @param from the first day; empty for no beginning
 * @param to the last day; empty for no end
 * @param zone UTC if there are no days that it could be asked about
 */
public record HeldDays(Optional<LocalDate> from, Optional<LocalDate> to, ZoneId zone) {
  private static final String ALL = "all backups";
  private static final Pattern TEXT =
      Pattern.compile("(?:from ([0-9-]+) )?(?:to ([0-9-]+) )?in (\\S+)");

  public HeldDays {
    if (from.isEmpty() && to.isEmpty()) {
      zone = ZoneOffset.UTC;
    }
  }

  public boolean covers(Instant backup) {
    LocalDate day = LocalDate.ofInstant(backup, zone);
    return from.map(first -> !day.isBefore(first)).orElse(true)
        && to.map(last -> !day.isAfter(last)).orElse(true);
  }

  /** Whether all that the others keep is kept by these too. */
  public boolean covers(HeldDays other) {
    return !begin().isAfter(other.begin()) && !end().isBefore(other.end());
  }

  private Instant begin() {
    return from.map(day -> day.atStartOfDay(zone).toInstant()).orElse(Instant.MIN);
  }

  private Instant end() {
    return to.map(day -> day.plusDays(1).atStartOfDay(zone).toInstant()).orElse(Instant.MAX);
  }

  /** {@code all backups}, {@code from 2026-01-01 to 2026-06-30 in Europe/Berlin}. */
  public String text() {
    if (from.isEmpty() && to.isEmpty()) {
      return ALL;
    }
    return from.map(day -> "from " + day + " ").orElse("")
        + to.map(day -> "to " + day + " ").orElse("")
        + "in "
        + zone.getId();
  }

  /** Reads what {@link #text} made; empty for anything else. */
  public static Optional<HeldDays> parse(String text) {
    if (text.equals(ALL)) {
      return Optional.of(new HeldDays(Optional.empty(), Optional.empty(), ZoneOffset.UTC));
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HeldDays(
              Optional.ofNullable(matcher.group(1)).map(LocalDate::parse),
              Optional.ofNullable(matcher.group(2)).map(LocalDate::parse),
              ZoneId.of(matcher.group(3))));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
