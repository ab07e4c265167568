package io.keepset.plan;

import io.keepset.policy.StoreFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A store that moves leaves its backups behind. Of databases that lie in it the plan tells that;
 * backups of others (of a database that is no longer declared or has another store by now) would
 * get out of reach without a word.
 */
final class StoreGuard implements Guard {
  static final String CODE = "guard.store";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    List<Objection> objections = new ArrayList<>();
    for (MovedStore moved : circumstances.precedents().moved()) {
      Set<String> told = told(plan, moved.declared().name());
      List<String> untold = new ArrayList<>();
      int backups = 0;
      for (String database : moved.backups().keySet()) {
        if (!told.contains(database)) {
          untold.add(database);
          backups += moved.backups().get(database);
        }
      }
      if (!untold.isEmpty()) {
        objections.add(objection(moved, untold, backups));
      }
    }
    return objections;
  }

  private static Set<String> told(Plan plan, String store) {
    Set<String> told = new HashSet<>();
    for (Change change : plan.changes()) {
      boolean lies = change.before().flatMap(before -> before.store()).equals(Optional.of(store));
      boolean copied =
          change.before().stream()
              .flatMap(before -> before.copies().values().stream())
              .anyMatch(copy -> copy.to().equals(store));
      boolean says =
          change.fields().stream().anyMatch(f -> f.path().startsWith(StoreFields.PREFIX));
      if ((lies || copied) && says) {
        told.add(change.target().name());
      }
    }
    return told;
  }

  private static Objection objection(MovedStore moved, List<String> untold, int backups) {
    return Objection.never(
        CODE,
        "store " + moved.declared().name(),
        " moves, and "
            + Figures.count(backups, "backup")
            + " in its old place would be out of reach: of "
            + Names.some(untold)
            + ", which this plan does not name",
        "declare the new place as a store of another name; the old one can go once its backups are"
            + " deleted",
        Optional.of(moved.declared().at()));
  }
}
