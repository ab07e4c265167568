package io.keepset.drivers.engine.mysql;

import java.util.Locale;

/** Two servers of one origin that no longer read each other's dumps for sure. */
enum Flavour {
  MARIADB("MariaDB", "mariadb-dump", "mariadb-client"),
  MYSQL("MySQL", "mysqldump", "mysql-client");

  private final String title;
  private final String dumpTool;
  private final String packageName;

  Flavour(String title, String dumpTool, String packageName) {
    this.title = title;
    this.dumpTool = dumpTool;
    this.packageName = packageName;
  }

  /** What a server or a tool of that version text is; forks of MySQL name themselves MySQL. */
  static Flavour of(String version) {
    return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
  }

  /** For people. */
  String title() {
    return title;
  }

  String dumpTool() {
    return dumpTool;
  }

  String packageName() {
    return packageName;
  }
}
