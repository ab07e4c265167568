package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Grade;
import io.keepset.plan.PlanJson;
import io.keepset.plan.Revision;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift.Applied;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.Drift.Kind;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Drift for machines, and back; {@code schemas/drift.schema.json} says what stands in it. */
public final class DriftJson {
  private static final int VERSION = 1;

  private DriftJson() {}

  public static MapNode of(Drift drift) {
    MapBuilder map = new MapBuilder().put("version", VERSION).put("found", drift.found());
    drift
        .applied()
        .ifPresent(
            applied ->
                map.put(
                    "applied",
                    new MapBuilder()
                        .put("revision", PlanJson.revision(applied.revision()))
                        .put("at", applied.at())));
    MapBuilder summary = new MapBuilder();
    for (Kind kind : Kind.values()) {
      summary.put(kind.word(), drift.count(kind));
    }
    return map.put("summary", summary)
        .put("items", drift.items().stream().map(DriftJson::item).toList())
        .put("notes", DiagnosticCodec.encode(drift.notes()))
        .build();
  }

  private static MapNode item(Item item) {
    MapBuilder map =
        new MapBuilder()
            .put("kind", item.kind().word())
            .put("database", item.target().name())
            .put("platform", item.target().platform())
            .putText("message", item.message());
    if (!item.fields().isEmpty()) {
      map.put("fields", item.fields().stream().map(DriftJson::field).toList());
    }
    return map.build();
  }

  private static MapNode field(FieldChange field) {
    return new MapBuilder()
        .put("path", field.path())
        .putText("applied", field.before())
        .putText("live", field.after())
        .put("grade", field.grade().name().toLowerCase(Locale.ROOT))
        .build();
  }

  /**
   * What {@link #of} made, without the places of its notes.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Drift read(MapNode map) {
    Optional<Applied> applied =
        map.map("applied")
            .map(
                node -> {
                  MapNode revision = node.map("revision").orElseThrow(DriftJson::foreign);
                  return new Applied(
                      new Revision(text(revision, "id"), text(revision, "dirty").equals("true")),
                      Instant.parse(text(node, "at")));
                });
    List<Item> items = new ArrayList<>();
    for (MapNode item : map.maps("items")) {
      List<FieldChange> fields = new ArrayList<>();
      for (MapNode field : item.maps("fields")) {
        fields.add(
            new FieldChange(
                text(field, "path"),
                field.text("applied"),
                field.text("live"),
                Grade.valueOf(text(field, "grade").toUpperCase(Locale.ROOT)),
                Optional.empty()));
      }
      items.add(
          new Item(
              Kind.valueOf(text(item, "kind").toUpperCase(Locale.ROOT)),
              new TargetId(text(item, "platform"), text(item, "database")),
              fields,
              item.text("message")));
    }
    List<Diagnostic> notes = new ArrayList<>();
    for (MapNode note : map.maps("notes")) {
      notes.add(
          Diagnostic.warning(text(note, "code"), text(note, "message"), null)
              .withHint(note.text("hint").orElse(null))
              .withPointer(note.text("pointer").orElse(null)));
    }
    return new Drift(applied, items, notes);
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(DriftJson::foreign);
  }

  private static IllegalArgumentException foreign() {
    return new IllegalArgumentException("not a drift report");
  }
}
