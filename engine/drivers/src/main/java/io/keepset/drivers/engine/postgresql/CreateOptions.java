package io.keepset.drivers.engine.postgresql;

import io.keepset.spi.ArtifactFacts;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encoding and locale of a database: read from its dump, written for the one that is made. */
final class CreateOptions {
  private static final String FACT = "create.";
  private static final String PROVIDER = "LOCALE_PROVIDER";
  private static final String LOCALE = "LOCALE";

  /** Facts come from a store; nothing else may get into a statement. */
  private static final Set<String> NAMES =
      Set.of(
          "ENCODING",
          PROVIDER,
          LOCALE,
          "LC_COLLATE",
          "LC_CTYPE",
          "ICU_LOCALE",
          "ICU_RULES",
          "BUILTIN_LOCALE");

  private static final Pattern OPTION = Pattern.compile("\\b([A-Z_]+) = ('(?:[^']|'')*'|[a-z]+)");

  private static final int FIRST_WITH_LOCALE = 13;
  private static final int FIRST_WITH_PROVIDER = 15;

  private CreateOptions() {}

  /** Facts from a {@code CREATE DATABASE} as pg_dump writes it. */
  static SortedMap<String, String> facts(String statement) {
    SortedMap<String, String> facts = new TreeMap<>();
    Matcher option = OPTION.matcher(statement);
    while (option.find()) {
      String value = option.group(2);
      boolean quoted = value.startsWith("'");
      if (NAMES.contains(option.group(1))) {
        facts.put(
            FACT + option.group(1),
            quoted ? value.substring(1, value.length() - 1).replace("''", "'") : value);
      }
    }
    return facts;
  }

  /** For a {@code CREATE DATABASE} that this server understands. */
  static String of(ArtifactFacts facts, ServerVersion server) {
    StringBuilder options = new StringBuilder();
    for (Map.Entry<String, String> fact : facts.values().entrySet()) {
      String name = fact.getKey().startsWith(FACT) ? fact.getKey().substring(FACT.length()) : "";
      if (!NAMES.contains(name)) {
        continue;
      }
      if (name.equals(PROVIDER)) {
        if (server.major() >= FIRST_WITH_PROVIDER && fact.getValue().matches("[a-z]+")) {
          add(options, name, fact.getValue());
        }
      } else if (name.equals(LOCALE) && server.major() < FIRST_WITH_LOCALE) {
        add(options, "LC_COLLATE", Psql.literal(fact.getValue()));
        add(options, "LC_CTYPE", Psql.literal(fact.getValue()));
      } else {
        add(options, name, Psql.literal(fact.getValue()));
      }
    }
    return options.toString();
  }

  static String encoding(ArtifactFacts facts) {
    return facts.values().getOrDefault(FACT + "ENCODING", "UTF8");
  }

  private static void add(StringBuilder options, String name, String value) {
    options.append(' ').append(name).append(" = ").append(value);
  }
}
