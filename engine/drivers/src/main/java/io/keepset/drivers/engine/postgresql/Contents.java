package io.keepset.drivers.engine.postgresql;

import io.keepset.spi.ArtifactFacts;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an archive amounts to: counts by kind, rows, roles, extensions, and the locale. */
final class Contents {
  static final String FORMAT = "pg_dump-custom";

  private static final Pattern GRANTEE =
      Pattern.compile("\\bTO (\"(?:[^\"]|\"\")+\"|[^\\s;\"]+)(?: WITH GRANT OPTION)?;");

  private final ArchiveHeader header;
  private final SortedMap<String, Integer> kinds = new TreeMap<>();
  private final SortedSet<String> roles = new TreeSet<>();
  private final SortedSet<String> extensions = new TreeSet<>();
  private final SortedMap<String, String> create = new TreeMap<>();
  private long rows;

  Contents(ArchiveHeader header) {
    this.header = header;
  }

  void add(TocEntry entry) {
    kinds.merge(entry.kind(), 1, Integer::sum);
    if (!entry.owner().isEmpty()) {
      roles.add(ArchiveHeader.text(entry.owner()));
    }
    switch (entry.kind()) {
      case "EXTENSION" -> extensions.add(ArchiveHeader.text(entry.tag()));
      case "DATABASE" -> create.putAll(CreateOptions.facts(ArchiveHeader.text(entry.definition())));
      case "ACL", "DEFAULT ACL" -> readGrantees(entry.definition());
      default -> {}
    }
  }

  /** Of one table. */
  void addRows(long more) {
    rows += more;
  }

  int count(String kind) {
    return kinds.getOrDefault(kind, 0);
  }

  ArtifactFacts facts() {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("database", header.database());
    values.put("server_version", header.serverVersion());
    values.put("tool_version", header.toolVersion());
    values.put("archive_format", "1." + header.minor());
    values.put("entries", String.valueOf(header.entries()));
    values.put("tables", String.valueOf(count("TABLE")));
    values.put("table_data", String.valueOf(count("TABLE DATA")));
    if (header.compression().isOpen()) {
      values.put("rows", String.valueOf(rows));
    }
    values.put("views", String.valueOf(count("VIEW") + count("MATERIALIZED VIEW")));
    values.put("sequences", String.valueOf(count("SEQUENCE")));
    values.put("functions", String.valueOf(functions()));
    values.put("roles", join(roles));
    values.put("extensions", join(extensions));
    values.putAll(create);
    return new ArtifactFacts(FORMAT, values);
  }

  int functions() {
    return count("FUNCTION") + count("PROCEDURE") + count("AGGREGATE");
  }

  /** For people: {@code 12 tables, 12 with data, 3 views, …}. */
  String sentence() {
    return count("TABLE")
        + " tables ("
        + count("TABLE DATA")
        + " with data), "
        + (count("VIEW") + count("MATERIALIZED VIEW"))
        + " views, "
        + count("SEQUENCE")
        + " sequences, "
        + functions()
        + " functions";
  }

  /** Names in one line of text; a blank in a name survives. */
  private static String join(Iterable<String> names) {
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      line.append(line.isEmpty() ? "" : " ")
          .append(URLEncoder.encode(name, StandardCharsets.UTF_8));
    }
    return line.toString();
  }

  /** The inverse of what the facts {@code roles} and {@code extensions} hold. */
  static List<String> split(String line) {
    return Arrays.stream(line.split(" "))
        .filter(name -> !name.isEmpty())
        .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
        .toList();
  }

  private void readGrantees(String definition) {
    Matcher grantee = GRANTEE.matcher(ArchiveHeader.text(definition));
    while (grantee.find()) {
      String name = grantee.group(1);
      if (name.startsWith("\"")) {
        roles.add(name.substring(1, name.length() - 1).replace("\"\"", "\""));
      } else if (!name.equals("PUBLIC")) {
        roles.add(name);
      }
    }
  }
}
