package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server it is.
 *
 * @param text as it says it: {@code 10.11.19-MariaDB-0+deb12u1}
 */
record ServerVersion(Flavour flavour, int major, int minor, String text) {
  /** Some MariaDB servers put {@code 5.5.5-} first, for replicas of old. */
  private static final Pattern NUMBERS = Pattern.compile("^(?:5\\.5\\.5-)?(\\d+)\\.(\\d+)");

  static ServerVersion of(String text) throws DriverException {
    Matcher numbers = NUMBERS.matcher(text);
    if (!numbers.find()) {
      throw new DriverException(Kind.REJECTED, "\"" + text + "\" is no version of a server");
    }
    return new ServerVersion(
        Flavour.of(text),
        Integer.parseInt(numbers.group(1)),
        Integer.parseInt(numbers.group(2)),
        text);
  }

  static ServerVersion ask(Session session) throws DriverException {
    return of(session.askOne("SELECT VERSION()"));
  }

  /** {@code MariaDB 10.11.19}. */
  String name() {
    return flavour.title() + " " + text.replaceFirst("^5\\.5\\.5-", "").split("-", 2)[0];
  }

  /** The series that a dump restores into itself and into later ones of: {@code 1011}. */
  int series() {
    return major * 100 + minor;
  }

  boolean mariadb() {
    return flavour == Flavour.MARIADB;
  }
}
