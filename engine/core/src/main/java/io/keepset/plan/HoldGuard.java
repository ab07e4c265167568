package io.keepset.plan;

import io.keepset.policy.HoldFields;
import io.keepset.retention.Backup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a hold keeps stays within reach: a held database does not move to another store. The end of
 * a hold, or less that it covers, is a change of the database that an approval may allow, and so is
 * the end of the database, whose held backups stay held.
 */
final class HoldGuard implements Guard {
  static final String CODE = "guard.hold";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    List<Objection> objections = new ArrayList<>();
    for (Change change : plan.changes()) {
      boolean ends = change.action() == Action.DELETE;
      if (plan.permits(change) && (ends || moves(change))) {
        Set<String> holds = holds(change, circumstances);
        if (!holds.isEmpty()) {
          objections.add(objection(change, Names.some(List.copyOf(holds))));
        }
      }
    }
    return objections;
  }

  private static Objection objection(Change change, String holds) {
    String name = change.target().name();
    if (change.action() == Action.DELETE) {
      return Objection.unless(
          name,
          CODE,
          "removing ",
          name,
          " leaves its backups to " + holds + ", which only keepset hold end can end then",
          Optional.empty());
    }
    return Objection.never(
        CODE,
        name,
        " can't move to another store while its backups are kept by " + holds,
        "wait until the hold has ended; in files, end it in a change of its own, with an approval",
        Costs.place(change));
  }

  private static boolean moves(Change change) {
    boolean other =
        change.before().isPresent()
            && change.after().isPresent()
            && change.before().get().store().isPresent()
            && !change.before().get().store().equals(change.after().get().store());
    return other || StoreGrading.moves(change);
  }

  /** Those in force: what the files say by now changes nothing about them. */
  private static Set<String> holds(Change change, Circumstances circumstances) {
    Set<String> holds = new TreeSet<>();
    change
        .before()
        .ifPresent(
            before -> HoldFields.of(before).keySet().forEach(name -> holds.add("hold " + name)));
    for (Backup backup : circumstances.backups().getOrDefault(change.target(), List.of())) {
      holds.addAll(circumstances.holds().apply(backup));
    }
    return holds;
  }
}
