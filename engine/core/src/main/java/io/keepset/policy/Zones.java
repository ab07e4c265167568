package io.keepset.policy;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Time zones by name ({@code Europe/Berlin}, {@code UTC}) or as a fixed offset ({@code +01:00}).
 */
final class Zones {
  private Zones() {}

  static Optional<ZoneId> parse(String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static String hint(String text) {
    return Nearest.to(text, ZoneId.getAvailableZoneIds())
        .map(zone -> "did you mean " + zone + "?")
        .orElse("use a name of the time zone database such as Europe/Berlin, or UTC");
  }
}
