package io.keepset.app.watch;

import io.keepset.app.watch.Outlook.Standing;
import io.keepset.diagnostic.Severity;
import io.keepset.retention.BackupCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.watch.Problem;
import io.keepset.watch.Promises.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An {@link Outlook} for machines, as schemas/status.schema.json describes it. */
public final class StatusJson {
  private StatusJson() {}

  public static MapNode of(Outlook outlook) {
    return addTo(new MapBuilder(), outlook).build();
  }

  /** The same beside what else a document has to say. */
  public static MapBuilder addTo(MapBuilder map, Outlook outlook) {
    return map.put("now", outlook.at())
        .put("healthy", outlook.healthy())
        .put("problems", outlook.problems().stream().map(StatusJson::problem).toList())
        .put("databases", outlook.databases().stream().map(StatusJson::database).toList());
  }

  public static MapNode problem(Problem problem) {
    return new MapBuilder()
        .put("code", problem.code())
        .put("target", problem.target())
        .put("severity", problem.severity().word())
        .put("message", problem.message())
        .putText("hint", Optional.ofNullable(problem.hint()))
        .putTime("since", problem.since())
        .build();
  }

  /** What {@link #problem} wrote. */
  public static Problem problem(MapNode map) {
    return new Problem(
        map.text("code").orElseThrow(),
        map.text("target").orElseThrow(),
        Severity.valueOf(map.text("severity").orElseThrow().toUpperCase(Locale.ROOT)),
        map.text("message").orElseThrow(),
        map.text("hint").orElse(null),
        map.text("since").map(Instant::parse));
  }

  private static MapNode database(Standing standing) {
    MapBuilder map =
        new MapBuilder()
            .put("name", standing.name())
            .put("platform", standing.platform())
            .put("timezone", standing.zone().getId())
            .put("protected", standing.state() != Outlook.State.UNPROTECTED)
            .putText("engine", standing.engine())
            .put("state", standing.state().name().toLowerCase(Locale.ROOT))
            .put("backups", standing.backups());
    standing.newest().ifPresent(b -> map.put("newest_good", BackupCodec.encode(b)));
    standing.latest().ifPresent(b -> map.put("latest", BackupCodec.encode(b)));
    map.putTime("next_run", standing.nextRun());
    standing
        .pointInTime()
        .ifPresent(
            span ->
                map.put(
                    "point_in_time",
                    new MapBuilder().put("oldest", span.oldest()).put("newest", span.newest())));
    List<MapNode> objectives = standing.promises().stream().map(StatusJson::promise).toList();
    return map.put("objectives", objectives)
        .put("problems", standing.problems().stream().map(StatusJson::problem).toList())
        .build();
  }

  private static MapNode promise(Promise promise) {
    MapBuilder map =
        new MapBuilder()
            .put("objective", promise.kind().word())
            .put("state", promise.state().word())
            .putSeconds("promised_seconds", promise.promised());
    promise.actual().ifPresent(actual -> map.putSeconds("actual_seconds", actual));
    return map.put("reason", promise.reason()).build();
  }
}
