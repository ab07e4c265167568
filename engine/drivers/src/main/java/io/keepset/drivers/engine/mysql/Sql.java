package io.keepset.drivers.engine.mysql;

/** Quoting, for sessions without {@code ANSI_QUOTES} and {@code NO_BACKSLASH_ESCAPES}. */
final class Sql {
  private Sql() {}

  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  static String identifier(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  static String identifier(String database, String name) {
    return identifier(database) + "." + identifier(name);
  }
}
