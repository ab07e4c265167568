package io.keepset.drivers.engine.scylla;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names and definitions in CQL, as text. */
final class CqlText {
  private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern ID =
      Pattern.compile("\\bID\\s*=\\s*'?[0-9a-fA-F-]{36}'?(\\s*AND\\s+)?");

  /** Strings, bodies of functions, comments, quoted names, plain names; in this order. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^']|'')*'|\\$\\$.*?\\$\\$|--[^\\n]*|//[^\\n]*|/\\*.*?\\*/"
              + "|\"((?:[^\"]|\"\")*)\"|([A-Za-z][A-Za-z0-9_]*)",
          Pattern.DOTALL);

  private CqlText() {}

  static String identifier(String name) {
    return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  static String string(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A definition with its keyspace renamed: where it qualifies a name, or is created itself. */
  static String rename(String cql, String from, String to) {
    StringBuilder out = new StringBuilder();
    Matcher token = TOKEN.matcher(cql);
    int copied = 0;
    String before = "";
    while (token.find()) {
      String name = name(token);
      if (name.isEmpty()) {
        continue;
      }
      boolean qualifies = token.end() < cql.length() && cql.charAt(token.end()) == '.';
      boolean created = before.equals("keyspace") || before.equals("exists");
      if (name.equals(from) && (qualifies || (created && cql.startsWith("CREATE KEYSPACE")))) {
        out.append(cql, copied, token.start()).append(identifier(to));
        copied = token.end();
      }
      before = token.group().toLowerCase(Locale.ROOT);
    }
    return out.append(cql, copied, cql.length()).toString();
  }

  private static String name(Matcher token) {
    if (token.group(1) != null) {
      return token.group(1).replace("\"\"", "\"");
    }
    return token.group(2) == null ? "" : token.group(2).toLowerCase(Locale.ROOT);
  }

  /** A definition of a table without the id that it had: it would clash with the table itself. */
  static String withoutIds(String cql) {
    return ID.matcher(cql).replaceFirst("");
  }
}
