package io.keepset.reconcile;

import io.keepset.plan.Change;
import io.keepset.plan.PlanJson;
import io.keepset.retention.Backup;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.List;
import java.util.Locale;

/** A report for machines, as {@code schemas/apply.schema.json} describes it. */
public final class ReportJson {
  /** Goes up when a reader of an older version would misunderstand a newer one. */
  public static final int VERSION = 1;

  private ReportJson() {}

  public static MapNode of(Report report) {
    MapBuilder map =
        new MapBuilder()
            .put("version", VERSION)
            .put("revision", PlanJson.revision(report.plan().revision()))
            .put("mode", report.plan().mode().word())
            .put("hash", report.plan().hash())
            .put("refused", report.refused())
            .put("failed", report.failed())
            .put("held_back", report.plan().heldBack().size())
            .put("outcomes", report.outcomes().stream().map(ReportJson::outcome).toList())
            .put("refusals", DiagnosticCodec.encode(report.refusals()));
    report.request().ifPresent(asked -> map.put("approval", PlanJson.approval(asked)));
    return map.build();
  }

  private static MapNode outcome(Outcome outcome) {
    Change change = outcome.change();
    MapBuilder map =
        new MapBuilder()
            .put("database", change.target().name())
            .put("platform", change.target().platform())
            .put("action", change.action().word())
            .put("status", outcome.status().name().toLowerCase(Locale.ROOT))
            .putText("message", outcome.message())
            .putText("final_backup", outcome.finalBackup().map(Backup::id));
    List<Backup> staying = change.impact().staying();
    return map.putTexts("backups_kept", staying.stream().map(Backup::id).toList()).build();
  }
}
