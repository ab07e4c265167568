package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a database holds by its live catalogue, as far as the login may see.
 *
 * @param objects each as {@code kind name}: {@code table customer}, {@code trigger stamp}
 * @param notInSnapshot tables whose storage engine knows no transactions
 * @param versioned tables with a history of rows
 * @param excluded tables and views that the settings leave out
 */
record Inventory(
    Set<String> objects,
    List<String> notInSnapshot,
    List<String> versioned,
    List<String> excluded) {

  static Inventory ask(Session session, String database, Settings settings) throws DriverException {
    String here = " = " + Sql.literal(database);
    Set<String> objects = new TreeSet<>();
    Set<String> transactional =
        new TreeSet<>(
            session.ask(
                "SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES'"));
    List<String> others = new ArrayList<>();
    List<String> versioned = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    for (List<String> row :
        session.rows(
            "SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE"
                + " TABLE_SCHEMA"
                + here)) {
      String name = row.get(0);
      if (settings.excludes(name)) {
        excluded.add(name);
        continue;
      }
      String kind = kind(row.get(1));
      objects.add(kind + " " + name);
      if (kind.equals("table") && !transactional.contains(row.get(2))) {
        others.add(name);
      }
      if (row.get(1).equals("SYSTEM VERSIONED")) {
        versioned.add(name);
      }
    }
    if (settings.dumps("triggers")) {
      for (List<String> row :
          session.rows(
              "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE"
                  + " TRIGGER_SCHEMA"
                  + here)) {
        if (!settings.excludes(row.get(1))) {
          objects.add("trigger " + row.get(0));
        }
      }
    }
    if (settings.dumps("routines")) {
      for (List<String> row :
          session.rows(
              "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                  + " ROUTINE_SCHEMA"
                  + here)) {
        objects.add(row.get(0).toLowerCase(Locale.ROOT).replace(' ', '-') + " " + row.get(1));
      }
    }
    if (settings.dumps("events")) {
      session
          .ask("SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA" + here)
          .forEach(name -> objects.add("event " + name));
    }
    return new Inventory(
        objects, List.copyOf(others), List.copyOf(versioned), List.copyOf(excluded));
  }

  private static String kind(String tableType) {
    return switch (tableType) {
      case "VIEW", "SYSTEM VIEW" -> "view";
      case "SEQUENCE" -> "sequence";
      default -> "table";
    };
  }

  /** Names of one kind. */
  List<String> names(String kind) {
    String prefix = kind + " ";
    return objects.stream()
        .filter(object -> object.startsWith(prefix))
        .map(object -> object.substring(prefix.length()))
        .toList();
  }
}
