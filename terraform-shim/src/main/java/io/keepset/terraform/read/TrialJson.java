package io.keepset.terraform.read;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A trial for machines, flat, as {@code schemas/http/plan.schema.json} describes it. */
final class TrialJson {
  private TrialJson() {}

  static MapNode of(Trial trial) {
    Optional<Plan> plan = trial.plan();
    MapBuilder map =
        DatabasesSection.begin(reason(trial))
            .put("kind", "plan")
            .put("revision", trial.revision().id())
            .put("valid", plan.isPresent())
            .put("refused", !trial.refusals().isEmpty())
            .put("mode", plan.map(p -> p.mode().word()).orElse(null))
            .put("hash", plan.map(Plan::hash).orElse(null));
    for (Action action : Action.values()) {
      map.put(action.word(), plan.map(p -> p.count(action)).orElse(0));
    }
    List<Change> changes = plan.map(Plan::changes).orElse(List.of());
    map.put("weakening", changes.stream().filter(c -> c.action().writes() && c.weakens()).count());
    map.put("held_back", plan.map(p -> p.heldBack().size()).orElse(0));
    map.put(
        "backups_expiring", changes.stream().mapToLong(c -> c.impact().casualties().size()).sum());
    map.put("bytes_freed", changes.stream().mapToLong(c -> c.impact().freedBytes()).sum());
    map.put(
        "changes",
        changes.stream()
            .filter(change -> change.action() != Action.NONE)
            .map(change -> change(change, plan.orElseThrow()))
            .toList());
    List<Diagnostic> said = new ArrayList<>(trial.diagnostics());
    changes.forEach(change -> said.addAll(change.findings()));
    said.addAll(trial.refusals());
    return map.put("diagnostics", said.stream().map(TrialJson::diagnostic).toList())
        .put("text", plan.map(p -> PlanText.print(p, trial.refusals(), false)).orElse(""))
        .build();
  }

  private static Optional<String> reason(Trial trial) {
    if (trial.plan().isEmpty()) {
      return Optional.of("the policies have mistakes: " + first(trial.diagnostics()));
    }
    if (!trial.refusals().isEmpty()) {
      return Optional.of("refused: " + first(trial.refusals()));
    }
    return trial.plan().get().changes().stream()
        .filter(change -> change.action() == Action.UNSUPPORTED)
        .findFirst()
        .map(change -> "can't be done: " + first(change.findings()));
  }

  private static String first(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .map(one -> (one.at() == null ? "" : one.at() + ": ") + one.message())
        .orElse("see the diagnostics");
  }

  private static MapNode change(Change change, Plan plan) {
    return new MapBuilder()
        .put("database", change.target().name())
        .put("platform", change.target().platform())
        .put("action", change.action().word())
        .put("weakens", change.action().writes() && change.weakens())
        .put("held_back", change.action().writes() && !plan.permits(change))
        .put("backups_expiring", change.impact().casualties().size())
        .putTexts("fields", change.fields().stream().map(FieldChange::path).toList())
        .build();
  }

  /** Every key is there, so that an expression that names one never fails. */
  private static MapNode diagnostic(Diagnostic diagnostic) {
    Location at = diagnostic.at();
    MapBuilder map =
        new MapBuilder()
            .put("severity", diagnostic.severity().word())
            .put("code", diagnostic.code())
            .put("message", diagnostic.message())
            .put("hint", diagnostic.hint())
            .put("file", at == null ? null : at.file());
    return map.put("line", at == null ? 0 : at.line())
        .put("column", at == null ? 0 : at.column())
        .build();
  }
}
