package io.keepset.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What weakens needs an approval, field by field, and so does the end of a database. What the mode
 * holds back is not done, so it needs none.
 */
final class WeakeningGuard implements Guard {
  static final String CODE = "guard.weakening";
  private static final int LONGEST_VALUE = 60;

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    List<Objection> objections = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (!plan.permits(change)) {
        continue;
      }
      if (change.action() == Action.DELETE) {
        objections.add(ending(change));
      } else {
        for (FieldChange field : change.fields()) {
          field(change, field).ifPresent(objections::add);
        }
      }
    }
    return objections;
  }

  private static Objection ending(Change change) {
    String name = change.target().name();
    return Objection.unless(
        name,
        CODE,
        "removing ",
        name,
        " from " + change.target().platform() + " ends its backups and needs an approval",
        Optional.empty());
  }

  private static Optional<Objection> field(Change change, FieldChange field) {
    Optional<String> oneWay = OneWayDoors.reason(change, field);
    if (oneWay.isEmpty() && field.grade() != Grade.WEAKENS) {
      return Optional.empty();
    }
    String name = change.target().name();
    String what =
        field.path()
            + " "
            + field.before().map(WeakeningGuard::cut).orElse("none")
            + " -> "
            + field.after().map(WeakeningGuard::cut).orElse("none");
    return Optional.of(
        Objection.unless(
            name + "." + field.path(),
            oneWay.isPresent() ? OneWayDoors.CODE : code(field.path()),
            what + (oneWay.isPresent() ? " can't be undone for " : " weakens "),
            name,
            oneWay.map(reason -> ": " + reason + "; it").orElse(" and") + " needs an approval",
            field.declaredAt()));
  }

  /** Rules that protect a database have codes of their own. */
  private static String code(String path) {
    return switch (Grading.head(path)) {
      case "hold" -> HoldGuard.CODE;
      case "compliance" -> ComplianceGuard.CODE;
      default -> CODE;
    };
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE - 1) + "…";
  }
}
