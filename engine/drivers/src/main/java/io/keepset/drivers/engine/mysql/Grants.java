package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a login may do, as {@code SHOW GRANTS} tells it. The catalogue can't be asked instead: what
 * a login may not see looks to it as if it were not there, and a dump without it ends with 0.
 *
 * @param grants what the active roles grant included
 */
record Grants(List<Grant> grants) {
  private static final String QUOTED = "(?:`(?:[^`]|``)*`|[^`.\\s]+)";
  private static final Pattern GRANT =
      Pattern.compile(
          "(?s)(GRANT|REVOKE) (.+?) ON (?:TABLE |FUNCTION |PROCEDURE )?("
              + QUOTED
              + ")\\.("
              + QUOTED
              + ") (?:TO|FROM) .*");

  /**
   * One line of it.
   *
   * @param given false for a partial revoke (MySQL), which takes from what is given elsewhere
   * @param privileges in capitals
   * @param database name, where {@code %} and {@code _} stand for others; {@code *} for all
   * @param object {@code *} for all
   */
  record Grant(boolean given, Set<String> privileges, String database, String object) {
    boolean holds(String privilege) {
      return privileges.contains(privilege)
          || (privileges.contains("ALL PRIVILEGES") && !privilege.equals("GRANT OPTION"));
    }

    boolean covers(String name) {
      return database.equals("*") || like(database).matcher(name).matches();
    }
  }

  static Grants ask(Session session, ServerVersion server) throws DriverException {
    String show = "SHOW GRANTS";
    if (!server.mariadb() && server.major() >= 8) {
      String roles = session.askOne("SELECT CURRENT_ROLE()");
      if (!roles.equals("NONE")) {
        show = "SHOW GRANTS FOR CURRENT_USER() USING " + roles;
      }
    }
    List<Grant> grants = new ArrayList<>();
    for (String line : session.ask(show)) {
      Matcher matcher = GRANT.matcher(line);
      if (matcher.matches()) {
        grants.add(
            new Grant(
                matcher.group(1).equals("GRANT"),
                privileges(matcher.group(2)),
                unquote(matcher.group(3)),
                unquote(matcher.group(4))));
      }
    }
    return new Grants(List.copyOf(grants));
  }

  /** Those of these that it lacks on all of a database. */
  List<String> missing(String database, List<String> privileges) {
    return privileges.stream().filter(privilege -> !has(database, privilege)).toList();
  }

  boolean has(String database, String privilege) {
    boolean revoked =
        grants.stream()
            .anyMatch(grant -> !grant.given() && grant.covers(database) && grant.holds(privilege));
    return grants.stream()
        .filter(grant -> grant.given() && grant.object().equals("*") && grant.holds(privilege))
        .anyMatch(grant -> grant.database().equals("*") ? !revoked : grant.covers(database));
  }

  boolean hasEverywhere(String privilege) {
    return grants.stream()
        .anyMatch(grant -> grant.given() && grant.database().equals("*") && grant.holds(privilege));
  }

  /** Of a single table. */
  boolean hasOn(String database, String table, String privilege) {
    return has(database, privilege)
        || grants.stream()
            .anyMatch(
                grant ->
                    grant.given()
                        && grant.object().equals(table)
                        && grant.covers(database)
                        && grant.holds(privilege));
  }

  /** The source of others' routines is apart from everything else. */
  boolean readsRoutines(String database) {
    return hasOn("mysql", "proc", "SELECT")
        || has(database, "SHOW CREATE ROUTINE")
        || hasEverywhere("SHOW_ROUTINE")
        || hasEverywhere("SELECT");
  }

  /** May it make views and routines that run as somebody else? */
  boolean setsDefiners() {
    return List.of("SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER").stream()
        .anyMatch(this::hasEverywhere);
  }

  /** Commas inside the brackets of column grants separate columns; those are no whole grants. */
  private static Set<String> privileges(String list) {
    Set<String> all = new TreeSet<>();
    for (String privilege : list.replaceAll("[A-Z ]+\\([^)]*\\)", "").split(",", -1)) {
      if (!privilege.isBlank()) {
        all.add(privilege.strip().toUpperCase(Locale.ROOT));
      }
    }
    return all;
  }

  private static String unquote(String name) {
    return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
  }

  private static Pattern like(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
      } else if (c == '%') {
        regex.append(".*");
      } else {
        regex.append(c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
