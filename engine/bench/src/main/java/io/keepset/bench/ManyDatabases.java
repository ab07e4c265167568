package io.keepset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Policy files of an organisation with many teams. */
final class ManyDatabases {
  private ManyDatabases() {}

  /** So many files with so many databases each, and one with what they share. */
  static Path write(Path folder, int files, int databases, Path store) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("keepset.yaml"),
        """
        policy:
          gold:
            schedule:
              nightly: {cron: "0 2 * * *", timezone: Europe/Berlin, jitter: 20m}
            retention: {last: 2, daily: 30, weekly: 8, monthly: 12, yearly: 6}
            grace: 7d
        store:
          main: {type: directory, path: %s}
        """
            .formatted(store));
    for (int file = 0; file < files; file++) {
      team(folder, file, databases, "");
    }
    return folder;
  }

  /**
   * Writes the file of one team anew.
   *
   * @param override of its first database, such as {@code retention: {daily: 31}}
   */
  static void team(Path folder, int file, int databases, String override) throws IOException {
    StringBuilder text = new StringBuilder("database:\n");
    for (int i = 0; i < databases; i++) {
      int number = file * databases + i;
      text.append("  db").append(number).append(":\n");
      text.append("    engine: volume\n    policy: gold\n    store: main\n");
      text.append("    connection: {path: /srv/").append(number).append("}\n");
      if (i == 0 && !override.isEmpty()) {
        text.append("    override: {").append(override).append("}\n");
      }
    }
    Files.writeString(folder.resolve("team" + file + ".yaml"), text);
  }
}
