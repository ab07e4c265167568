package io.keepset.drivers.engine.postgresql;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a dump must hold, asked from the live catalogue <em>in the dump's own snapshot</em>, so that
 * tables made or dropped meanwhile can't blur it. It is a lower bound: every user's table, view and
 * sequence by name, and the data of every table; a dump may hold more (what an extension marks as
 * configuration, for instance).
 */
final class Expected {
  /** Extension members and what lies in an extension's own schema are the extension's business. */
  private static final String RELATIONS =
      """
      SELECT c.relkind, encode(textsend(n.nspname::text), 'hex'),
        encode(textsend(c.relname::text), 'hex'),
        encode(textsend(coalesce(own.nspname, '')::text), 'hex'),
        encode(textsend(coalesce(own.relname, '')::text), 'hex'),
        (c.relkind = 'r' AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery()))::int
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
        SELECT tn.nspname, t.relname, t.oid FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
        WHERE c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
        LIMIT 1) own ON true
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e' AND (
          (e.classid = 'pg_catalog.pg_class'::regclass AND e.objid IN (c.oid, own.oid))
          OR (e.classid = 'pg_catalog.pg_namespace'::regclass AND e.objid = n.oid)))
      """;

  private static final String FUNCTIONS =
      """
      SELECT count(*) FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE
          (e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid
            AND e.deptype IN ('e', 'i'))
          OR (e.classid = 'pg_catalog.pg_namespace'::regclass AND e.objid = n.oid
            AND e.deptype = 'e'))
      """;

  private final Set<String> left = new TreeSet<>();
  private final int functions;

  private Expected(int functions) {
    this.functions = functions;
  }

  /** Asks a raw session that is inside the snapshot. */
  static Expected ask(Psql session, Options options) throws DriverException {
    Expected expected = new Expected(Integer.parseInt(session.askOne(FUNCTIONS)));
    List<Pattern> tables = globs(options.list("exclude_tables"));
    List<Pattern> data = globs(options.list("exclude_table_data"));
    for (String row : session.ask(RELATIONS)) {
      String[] column = row.split("\t", -1);
      String schema = bytes(column[1]);
      String name = bytes(column[2]);
      boolean out =
          matches(tables, schema, name) || matches(tables, bytes(column[3]), bytes(column[4]));
      if (!out) {
        expected.left.add(key(kind(column[0]), schema, name));
        if (column[5].equals("1") && !matches(data, schema, name)) {
          expected.left.add(key("TABLE DATA", schema, name));
        }
      }
    }
    return expected;
  }

  void found(TocEntry entry) {
    left.remove(key(entry.kind(), entry.schema(), entry.tag()));
  }

  /** Sentences about what is not there; empty if all is. */
  List<String> missing(Contents contents) {
    if (!left.isEmpty()) {
      List<String> some = left.stream().limit(5).map(ArchiveHeader::text).toList();
      return List.of(
          left.size()
              + " of the database's objects are not in the dump: "
              + String.join(", ", some)
              + (left.size() > some.size() ? ", …" : ""));
    }
    if (contents.functions() < functions) {
      return List.of(
          "the database has " + functions + " functions, the dump only " + contents.functions());
    }
    return List.of();
  }

  /** How a table of contents calls this kind of relation. */
  static String kind(String relkind) {
    return switch (relkind.charAt(0)) {
      case 'r', 'p' -> "TABLE";
      case 'f' -> "FOREIGN TABLE";
      case 'v' -> "VIEW";
      case 'm' -> "MATERIALIZED VIEW";
      case 'S' -> "SEQUENCE";
      default -> throw new IllegalStateException("relation of kind " + relkind);
    };
  }

  static String key(String kind, String schema, String name) {
    return kind.toLowerCase(Locale.ROOT) + " " + schema + "." + name;
  }

  /** A name as a raw session shows it in hexadecimal, a byte a char. */
  static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  /**
   * The patterns' form ({@code schema.table}, {@code *}, {@code ?}) is the schema file's promise.
   */
  private static List<Pattern> globs(List<String> patterns) {
    return patterns.stream()
        .map(glob -> glob.replace(".", "\\.").replace("*", ".*").replace("?", "."))
        .map(Pattern::compile)
        .toList();
  }

  private static boolean matches(List<Pattern> patterns, String schema, String name) {
    return patterns.stream().anyMatch(glob -> glob.matcher(schema + "." + name).matches());
  }
}
