package io.keepset.retention;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Points in time as people and other programs write them: {@code 2026-11-21T02:07:00Z}, {@code
 * 2026-11-21T02:07+01:00}, {@code 2026-11-21 02:07} on the clocks of a zone, or a day alone.
 */
public final class Moment {
  /** What to write, for hints. */
  public static final String FORMS =
      "write 2026-11-21T02:00:00Z, 2026-11-21T02:00+01:00, 2026-11-21T02:00 or 2026-11-21";

  private Moment() {}

  /** A day alone means its beginning. */
  public static Optional<Instant> parse(String text, ZoneId zone) {
    return parse(text, zone, false);
  }

  /** A day alone means its last second. */
  public static Optional<Instant> parseEnd(String text, ZoneId zone) {
    return parse(text, zone, true);
  }

  private static Optional<Instant> parse(String text, ZoneId zone, boolean end) {
    String form = text.strip();
    try {
      if (form.length() == 10) {
        LocalDate day = LocalDate.parse(form).plusDays(end ? 1 : 0);
        return Optional.of(day.atStartOfDay(zone).toInstant().minusSeconds(end ? 1 : 0));
      }
      if (form.length() > 10 && form.charAt(10) == ' ') {
        form = form.substring(0, 10) + "T" + form.substring(11);
      }
      return Optional.of(
          form.matches(".{11}.*([zZ]|[+-][0-9:]+)")
              ? OffsetDateTime.parse(form).toInstant()
              : LocalDateTime.parse(form).atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
