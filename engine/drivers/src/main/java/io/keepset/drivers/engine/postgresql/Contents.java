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

/** What a table of contents amounts to: counts by kind, roles, extensions, and the locale. */
final class Contents {
  static final String FORMAT = "pg_dump-custom";

  /** {@code ENCODING = 'UTF8'} and its siblings in {@code CREATE DATABASE}. */
  private static final Pattern CREATE_OPTION =
      Pattern.compile(
          "\\b(ENCODING|LOCALE_PROVIDER|LOCALE|LC_COLLATE|LC_CTYPE|ICU_LOCALE|BUILTIN_LOCALE)"
              + " = ('(?:[^']|'')*'|[a-z]+)");

  private static final Pattern GRANTEE =
      Pattern.compile("\\bTO (\"(?:[^\"]|\"\")+\"|[^\\s;\"]+)(?: WITH GRANT OPTION)?;");

  private final ArchiveHeader header;
  private final SortedMap<String, Integer> kinds = new TreeMap<>();
  private final SortedSet<String> roles = new TreeSet<>();
  private final SortedSet<String> extensions = new TreeSet<>();
  private final SortedMap<String, String> create = new TreeMap<>();

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
      case "DATABASE" -> readCreateOptions(entry.definition());
      case "ACL", "DEFAULT ACL" -> readGrantees(entry.definition());
      default -> {}
    }
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
    values.put("views", String.valueOf(count("VIEW") + count("MATERIALIZED VIEW")));
    values.put("sequences", String.valueOf(count("SEQUENCE")));
    values.put("functions", String.valueOf(functions()));
    values.put("roles", join(roles));
    values.put("extensions", join(extensions));
    create.forEach((key, value) -> values.put("create." + key, value));
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

  private void readCreateOptions(String definition) {
    Matcher option = CREATE_OPTION.matcher(ArchiveHeader.text(definition));
    while (option.find()) {
      String value = option.group(2);
      boolean quoted = value.startsWith("'");
      create.put(
          option.group(1),
          quoted ? value.substring(1, value.length() - 1).replace("''", "'") : value);
    }
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
