package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Compliance.Forbidden;
import io.keepset.policy.ComplianceCheck;
import io.keepset.policy.ComplianceCheck.Breach;
import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Minima that nothing undercuts, and what no approval can allow. A rule that is loosened still
 * judges the plan that loosens it: first the rule, in a change of its own, then what it forbade.
 */
final class ComplianceGuard implements Guard {
  static final String CODE = ComplianceCheck.CODE;

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    List<Objection> objections = new ArrayList<>();
    Set<String> declared = Costs.declared(plan);
    for (Change change : plan.changes()) {
      if (change.after().isPresent() && isRuled(change, circumstances)) {
        Resolved resolved = circumstances.databases().get(change.target().name());
        if (resolved != null) {
          minima(change, resolved, objections);
        }
      }
      if (plan.permits(change)) {
        forbidden(change, declared, objections);
      }
    }
    return objections;
  }

  /** Most databases have no rule, and are not looked up. */
  private static boolean isRuled(Change change, Circumstances circumstances) {
    if (change.action() == Action.NONE && !circumstances.rails().compliance()) {
      return false; // what is there is what is declared
    }
    return change.after().filter(ComplianceFields::any).isPresent()
        || change.before().filter(ComplianceFields::any).isPresent();
  }

  /** What is live and has less than the files demand, where the files themselves are good. */
  static List<Diagnostic> live(Plan plan, Circumstances circumstances) {
    List<Diagnostic> notes = new ArrayList<>();
    if (!circumstances.rails().compliance()) {
      return notes;
    }
    for (Change change : plan.changes()) {
      if (change.before().isEmpty() || change.after().filter(ComplianceFields::any).isEmpty()) {
        continue;
      }
      Resolved resolved = circumstances.databases().get(change.target().name());
      if (resolved != null) {
        for (Breach breach :
            ComplianceCheck.breaches(change.before().get(), change.after().get())) {
          notes.add(
              Diagnostic.note(
                      "compliance.live",
                      change.target().name() + " " + breach.statement() + ", now",
                      ComplianceCheck.place(resolved, breach.option()))
                  .withHint(
                      plan.permits(change)
                          ? "an apply puts it right"
                          : "apply in a mode that writes"));
        }
      }
    }
    return notes;
  }

  private static void minima(Change change, Resolved resolved, List<Objection> objections) {
    Protection after = change.after().orElseThrow();
    List<Breach> breaches = ComplianceCheck.breaches(after, after);
    for (Breach breach : breaches) {
      objections.add(
          Objection.never(
              CODE,
              after.name(),
              " " + breach.statement(),
              ComplianceCheck.hint(resolved, breach),
              Optional.of(ComplianceCheck.place(resolved, breach.field()))));
    }
    if (change.before().isEmpty()) {
      return;
    }
    for (Breach breach : ComplianceCheck.breaches(after, change.before().get())) {
      boolean said = breaches.stream().anyMatch(b -> b.option().equals(breach.option()));
      // What was so before is not this plan's doing; a new rule in the files says it.
      boolean same =
          ComplianceCheck.breaches(change.before().get(), change.before().get()).contains(breach);
      if (!said && !same) {
        objections.add(
            Objection.never(
                CODE,
                after.name(),
                " " + breach.statement() + " still",
                first(breach.option()),
                Optional.of(ComplianceCheck.place(resolved, breach.field()))));
      }
    }
  }

  private static void forbidden(Change change, Set<String> declared, List<Objection> objections) {
    TreeMap<Forbidden, String> forbidden = new TreeMap<>();
    change.after().map(ComplianceFields::forbidden).ifPresent(forbidden::putAll);
    change.before().map(ComplianceFields::forbidden).ifPresent(forbidden::putAll);
    for (Map.Entry<Forbidden, String> entry : forbidden.entrySet()) {
      String rule = ", which compliance " + ComplianceFields.rule(entry.getValue()) + " forbids";
      switch (entry.getKey()) {
        case DISABLE -> {
          if (change.action() == Action.DELETE && !declared.contains(change.target().name())) {
            never(change, " would no longer be backed up" + rule, entry, objections);
          }
        }
        case DELETE_BACKUP -> {
          int going = Costs.backups(change);
          if (going > 0) {
            never(
                change, " would lose " + Figures.count(going, "backup") + rule, entry, objections);
          }
        }
        case SHORTEN_RETENTION -> shortened(change, rule, entry, objections);
        // Judged by what is declared, whether it changes or not.
        case PAUSE -> {}
      }
    }
  }

  private static void shortened(
      Change change,
      String rule,
      Map.Entry<Forbidden, String> forbidden,
      List<Objection> objections) {
    if (change.action() == Action.DELETE) {
      return;
    }
    for (FieldChange field : change.fields()) {
      boolean retention =
          switch (Grading.head(field.path())) {
            case "retention", "point_in_time", "grace", "copy" -> true;
            default -> false;
          };
      if (retention && field.grade() == Grade.WEAKENS) {
        objections.add(
            Objection.never(
                CODE,
                change.target().name(),
                " would keep less by "
                    + field.path()
                    + " "
                    + field.before().orElse("none")
                    + " -> "
                    + field.after().orElse("none")
                    + rule,
                first(forbidden.getValue()),
                field.declaredAt()));
      }
    }
  }

  private static void never(
      Change change,
      String rest,
      Map.Entry<Forbidden, String> forbidden,
      List<Objection> objections) {
    objections.add(
        Objection.never(
            CODE, change.target().name(), rest, first(forbidden.getValue()), Costs.place(change)));
  }

  private static String first(String option) {
    return "take the change back; or first loosen compliance "
        + ComplianceFields.rule(option)
        + " in a change of its own, with an approval";
  }
}
