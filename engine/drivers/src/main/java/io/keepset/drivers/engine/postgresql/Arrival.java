package io.keepset.drivers.engine.postgresql;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether what a backup holds has arrived in the restored database: an exit code of {@code
 * pg_restore} is no proof. The table of contents is read as the archive passes; then the database's
 * own catalogue has to know each of its tables, views and sequences by name, and in each schema as
 * many functions; and no table that had rows may be without a single page.
 *
 * <p>Rows are not counted again in the restored database: that would read all of it once more. A
 * {@code COPY} takes in all rows or none, and there are no triggers or constraints on a table yet
 * when it is filled, so what is left to find is a program that did not run it. A proof in a scratch
 * instance does count: it reads everything anyway ({@link PostgresScratch}).
 */
final class Arrival implements TocTap.Listener {
  private static final Set<String> RELATIONS =
      Set.of("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE");

  private static final Set<String> FUNCTIONS = Set.of("FUNCTION", "PROCEDURE", "AGGREGATE");

  /** As pg_dump writes it. */
  private static final Pattern ENCODING =
      Pattern.compile("SET client_encoding = '([A-Za-z0-9_]+)';\\s*");

  private static final String ASK_RELATIONS =
      """
      SELECT c.relkind, encode(textsend(n.nspname::text), 'hex'),
        encode(textsend(c.relname::text), 'hex'),
        (c.relkind = 'r' AND NOT c.relispartition AND pg_catalog.pg_relation_size(c.oid) = 0)::int
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
      """;

  /** What an extension brings, or a type makes for itself, is in no table of contents. */
  private static final String ASK_FUNCTIONS =
      """
      SELECT encode(textsend(n.nspname::text), 'hex'), count(*)
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
        WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid
          AND e.deptype IN ('e', 'i'))
      GROUP BY 1
      """;

  private final Set<String> relations = new TreeSet<>();
  private final Map<Integer, String> tables = new HashMap<>();
  private final Set<String> filled = new HashSet<>();
  private final SortedMap<String, Integer> functions = new TreeMap<>();
  private Optional<String> encoding = Optional.empty();

  /** The archive, whose table of contents is read on its way. */
  InputStream watch(InputStream archive) {
    return new TocTap(archive, this);
  }

  @Override
  public void header(Contents contents) {
    // Its entries say all that is asked for.
  }

  @Override
  public void entry(TocEntry entry) {
    if (RELATIONS.contains(entry.kind())) {
      relations.add(Expected.key(entry.kind(), entry.schema(), entry.tag()));
    } else if (FUNCTIONS.contains(entry.kind())) {
      functions.merge(entry.schema(), 1, Integer::sum);
    } else if (entry.hasRows()) {
      tables.put(entry.id(), Expected.key("TABLE", entry.schema(), entry.tag()));
    } else if (entry.kind().equals("ENCODING")) {
      Matcher said = ENCODING.matcher(entry.definition());
      encoding = said.matches() ? Optional.of(said.group(1)) : Optional.empty();
    }
  }

  @Override
  public void rows(int entry, long rows) {
    String table = tables.get(entry);
    if (table != null && rows > 0) {
      filled.add(table);
    }
  }

  /**
   * Asks, once all of the archive has passed.
   *
   * @param restored a raw session in the restored database
   * @throws DriverException REJECTED with some of what is missing
   */
  void require(Psql restored) throws DriverException {
    if (encoding.isPresent()) {
      // Names are compared byte by byte, as the archive spells them.
      restored.ask("SET client_encoding = " + Psql.literal(encoding.get()));
    }
    List<String> missing = new ArrayList<>(missingRelations(restored));
    missing.addAll(missingFunctions(restored));
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "pg_restore said that all is well, but of what the backup holds is missing: "
              + String.join(", ", missing.subList(0, Math.min(5, missing.size())))
              + (missing.size() > 5 ? ", … (" + missing.size() + " in all)" : "")
              + "; see whether the program is PostgreSQL's own, and restore with another one"
              + " (option tools_dir)");
    }
  }

  private List<String> missingRelations(Psql restored) throws DriverException {
    Set<String> missing = new TreeSet<>(relations);
    for (String row : restored.ask(ASK_RELATIONS)) {
      String[] column = row.split("\t", -1);
      String key =
          Expected.key(
              Expected.kind(column[0]), Expected.bytes(column[1]), Expected.bytes(column[2]));
      missing.remove(key);
      // Rows of a partition may have been loaded through its root, into another one.
      if (column[3].equals("1") && filled.contains(key)) {
        missing.add("all rows of " + key);
      }
    }
    return missing.stream().map(ArchiveHeader::text).toList();
  }

  private List<String> missingFunctions(Psql restored) throws DriverException {
    SortedMap<String, Integer> there = new TreeMap<>();
    for (String row : restored.ask(ASK_FUNCTIONS)) {
      String[] column = row.split("\t", -1);
      there.put(Expected.bytes(column[0]), Integer.parseInt(column[1]));
    }
    List<String> missing = new ArrayList<>();
    functions.forEach(
        (schema, count) -> {
          int lacking = count - there.getOrDefault(schema, 0);
          if (lacking > 0) {
            missing.add(lacking + " functions of schema " + ArchiveHeader.text(schema));
          }
        });
    return missing;
  }
}
