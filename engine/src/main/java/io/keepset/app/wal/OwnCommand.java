package io.keepset.app.wal;

import java.nio.file.Path;

/** How another program calls this Keepset. */
final class OwnCommand {
  private OwnCommand() {}

  /** For {@code restore_command}. */
  static String fetch(Path data, String database, String systemId) {
    return self()
        + " --data "
        + quoted(data.toAbsolutePath().toString())
        + " wal fetch "
        + database
        + " %f %p --system "
        + systemId;
  }

  private static String self() {
    String home = System.getProperty("keepset.home");
    if (home != null) {
      return quoted(home + "/keepset");
    }
    return quoted(System.getProperty("java.home") + "/bin/java")
        + " -cp "
        + quoted(System.getProperty("java.class.path"))
        + " io.keepset.app.Main";
  }

  /** For the shell; a percent sign would be one of PostgreSQL's. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''").replace("%", "%%") + "'";
  }
}
