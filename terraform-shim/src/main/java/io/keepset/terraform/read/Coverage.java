package io.keepset.terraform.read;

import static io.keepset.terraform.read.Column.count;
import static io.keepset.terraform.read.Column.flag;
import static io.keepset.terraform.read.Column.texts;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which databases are protected and which are not.
 *
 * @param databases how many are known
 * @param covered how many have a protection in force, suspended or not
 * @param uncovered have backups or are live somewhere, and no protection
 * @param suspended are without backups on purpose
 * @param broken break a promise
 */
record Coverage(
    int databases,
    int covered,
    List<String> uncovered,
    List<String> suspended,
    List<String> broken) {
  static final List<Column<Coverage>> COLUMNS =
      List.of(
          flag("complete", Coverage::complete),
          flag("healthy", coverage -> coverage.broken().isEmpty()),
          count("databases", Coverage::databases),
          count("protected", Coverage::covered),
          texts("uncovered", Coverage::uncovered),
          texts("suspended", Coverage::suspended),
          texts("broken", Coverage::broken));

  /**
   * @param environment empty means all; what is in no file is in no environment
   */
  static Coverage of(World world, Optional<String> environment) {
    List<Database> databases = world.of(environment);
    List<String> uncovered = new java.util.ArrayList<>(names(databases, one -> !one.covered()));
    int known = databases.size();
    if (environment.isEmpty()) {
      for (String name : world.undeclared()) {
        if (!uncovered.contains(name) && !isCovered(world, name)) {
          uncovered.add(name);
          known += world.databases().containsKey(name) ? 0 : 1;
        }
      }
      uncovered.sort(null);
    }
    return new Coverage(
        known,
        (int) databases.stream().filter(Database::covered).count(),
        uncovered,
        names(databases, Database::suspended),
        names(databases, Database::broken));
  }

  private static boolean isCovered(World world, String name) {
    Database one = world.databases().get(name);
    return one != null && one.covered();
  }

  private static List<String> names(List<Database> databases, Predicate<Database> wanted) {
    return databases.stream().filter(wanted).map(Database::name).toList();
  }

  /** Nothing is without protection that nobody said should be. */
  boolean complete() {
    return uncovered.isEmpty();
  }
}
