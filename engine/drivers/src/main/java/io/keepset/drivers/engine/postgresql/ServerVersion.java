package io.keepset.drivers.engine.postgresql;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which PostgreSQL a server is.
 *
 * @param text as the server says it: {@code 15.18 (Debian 15.18-0+deb12u1)}
 */
record ServerVersion(int major, String text) {
  private static final Pattern MAJOR = Pattern.compile("^(\\d+)");

  static ServerVersion ask(Psql session) throws DriverException {
    String number = session.askOne("SHOW server_version_num");
    return new ServerVersion(
        Integer.parseInt(number) / 10_000, session.askOne("SHOW server_version"));
  }

  /** Major version in a text such as the header of an archive holds; 0 if there is none. */
  static int majorOf(String text) {
    Matcher major = MAJOR.matcher(text);
    return major.find() ? Integer.parseInt(major.group(1)) : 0;
  }

  String brief() {
    return text.split(" ", 2)[0];
  }

  /** The programs that dump this server. */
  Tools tools(Options options) throws DriverException {
    if (major < Tools.OLDEST_SERVER) {
      throw new DriverException(
          Kind.REJECTED,
          "the server is PostgreSQL "
              + brief()
              + "; versions "
              + Tools.OLDEST_SERVER
              + " to "
              + Tools.NEWEST_SERVER
              + " are supported");
    }
    return Tools.atLeast(major, "the server is PostgreSQL " + brief(), options);
  }
}
