package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A plan for machines, as {@code schemas/plan.schema.json} describes it. */
public final class PlanJson {
  /** Goes up when a reader of an older version would misunderstand a newer one. */
  public static final int VERSION = 1;

  private PlanJson() {}

  /**
   * @param refusals what the guards said, in order
   */
  public static MapNode of(Plan plan, List<Diagnostic> refusals) {
    return of(plan, refusals, Optional.empty());
  }

  /**
   * @param refusals what the guards said, in order
   * @param request the approval that would let it pass
   */
  public static MapNode of(
      Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request) {
    MapBuilder map = new MapBuilder();
    map.put("version", VERSION);
    map.put("revision", revision(plan.revision()));
    map.put("mode", plan.mode().word());
    map.put("hash", plan.hash());
    map.put("refused", !refusals.isEmpty());
    map.put("summary", summary(plan));
    List<MapNode> changes = new ArrayList<>(plan.changes().size());
    for (Change change : plan.changes()) {
      changes.add(change(change, plan));
    }
    map.put("changes", changes);
    map.put("notes", DiagnosticCodec.encode(plan.notes()));
    map.put("refusals", DiagnosticCodec.encode(refusals));
    request.ifPresent(asked -> map.put("approval", approval(asked)));
    return map.build();
  }

  /** As it stands in machine output. */
  public static MapBuilder approval(ApprovalRequest request) {
    return new MapBuilder()
        .put("file", request.file())
        .put("spelling", request.spelling().word())
        .put("text", request.text())
        .put("block", request.block());
  }

  /** As it stands in machine output. */
  public static MapBuilder revision(Revision revision) {
    return new MapBuilder().put("id", revision.id()).put("dirty", revision.dirty());
  }

  private static MapBuilder summary(Plan plan) {
    MapBuilder map = new MapBuilder();
    for (Action action : Action.values()) {
      map.put(action.word(), plan.count(action));
    }
    int weakening = 0;
    long expiring = 0;
    long sooner = 0;
    long outOfReach = 0;
    long freed = 0;
    for (Change change : plan.changes()) {
      weakening += change.action().writes() && change.weakens() ? 1 : 0;
      expiring += change.impact().casualties().size();
      sooner += change.impact().sooner().size();
      outOfReach += change.impact().outOfReach().size();
      freed += change.impact().freedBytes();
    }
    map.put("weakening", weakening);
    map.put("held_back", plan.heldBack().size());
    map.put("backups_expiring", expiring);
    map.put("backups_sooner", sooner);
    map.put("backups_out_of_reach", outOfReach);
    map.put("bytes_freed", freed);
    return map;
  }

  private static MapNode change(Change change, Plan plan) {
    MapBuilder map = new MapBuilder();
    map.put("action", change.action().word());
    map.put("database", change.target().name());
    map.put("platform", change.target().platform());
    map.putText("engine", change.afterOrBefore().map(Protection::engine));
    at(map, change.declaredAt());
    if (change.action().writes()) {
      map.put("grade", word(grade(change)));
      map.put("held_back", !plan.permits(change));
      List<MapNode> fields = new ArrayList<>(change.fields().size());
      for (FieldChange field : change.fields()) {
        fields.add(field(field));
      }
      map.put("fields", fields);
      map.put("impact", impact(change.impact()));
    }
    if (change.action().writes() || !change.nextRuns().isEmpty()) {
      map.put("next_runs", nextRuns(change.nextRuns()));
    }
    if (!change.findings().isEmpty()) {
      map.put("findings", DiagnosticCodec.encode(change.findings()));
    }
    return map.build();
  }

  private static MapNode field(FieldChange field) {
    MapBuilder map = new MapBuilder();
    map.put("path", field.path());
    map.putText("before", field.before());
    map.putText("after", field.after());
    map.put("grade", word(field.grade()));
    at(map, field.declaredAt());
    return map.build();
  }

  /** The worst of its fields. */
  private static Grade grade(Change change) {
    if (change.weakens()) {
      return Grade.WEAKENS;
    }
    for (FieldChange field : change.fields()) {
      if (field.grade() == Grade.STRENGTHENS) {
        return Grade.STRENGTHENS;
      }
    }
    return Grade.NEUTRAL;
  }

  private static MapBuilder impact(Impact impact) {
    MapBuilder map = new MapBuilder();
    map.put("backups", impact.total());
    map.put("expiring", casualties(impact.casualties()));
    map.put("sooner", casualties(impact.sooner()));
    map.put("returning", backups(impact.returning()));
    map.put("out_of_reach", backups(impact.outOfReach()));
    map.put("staying", backups(impact.staying()));
    map.put("bytes_freed", impact.freedBytes());
    map.putSeconds("grace_seconds", impact.grace());
    impact.oldestLeft().ifPresent(oldest -> map.put("oldest_left", backup(oldest)));
    span(map, "before", impact.before());
    span(map, "after", impact.after());
    map.putTexts("effects", impact.effects());
    return map;
  }

  private static void span(MapBuilder map, String when, Span span) {
    map.put("kept_" + when, span.count());
    seconds(map, "window_" + when + "_seconds", span.window());
    seconds(map, "longest_gap_" + when + "_seconds", span.longestGap());
  }

  private static List<MapNode> casualties(List<Casualty> casualties) {
    List<MapNode> nodes = new ArrayList<>(casualties.size());
    for (Casualty casualty : casualties) {
      nodes.add(
          fields(casualty.backup())
              .put("onset", casualty.onset().word())
              .putTime("expires", casualty.expires())
              .putTime("deleted", casualty.deleted())
              .putTime("otherwise", casualty.otherwise())
              .build());
    }
    return nodes;
  }

  private static void seconds(MapBuilder map, String key, Optional<Duration> value) {
    value.ifPresent(duration -> map.putSeconds(key, duration));
  }

  private static List<MapNode> backups(List<Backup> backups) {
    List<MapNode> nodes = new ArrayList<>(backups.size());
    for (Backup backup : backups) {
      nodes.add(backup(backup));
    }
    return nodes;
  }

  private static MapNode backup(Backup backup) {
    return fields(backup).build();
  }

  private static MapBuilder fields(Backup backup) {
    OptionalLong size = backup.storedSize().isPresent() ? backup.storedSize() : backup.size();
    return new MapBuilder()
        .put("id", backup.id())
        .put("time", backup.time())
        .putNumber("size", size)
        .put("kind", backup.kind().word());
  }

  private static List<MapNode> nextRuns(List<NextRun> runs) {
    List<MapNode> nodes = new ArrayList<>(runs.size());
    for (NextRun run : runs) {
      nodes.add(
          new MapBuilder()
              .put("schedule", run.schedule())
              .put("at", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(run.at()))
              .put("timezone", run.at().getZone().getId())
              .build());
    }
    return nodes;
  }

  private static void at(MapBuilder map, Optional<Location> at) {
    at.ifPresent(place -> map.put("declared_at", DiagnosticCodec.location(place)));
  }

  private static String word(Grade grade) {
    return grade.name().toLowerCase(Locale.ROOT);
  }
}
