package io.keepset.app.serve;

import io.keepset.app.DiagnosticCodec;
import io.keepset.app.Keepset;
import io.keepset.app.Version;
import io.keepset.app.http.Following;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.PlanJson;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupState;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What the API tells about the follower and what it looks after. */
final class StatusView implements Following {
  private final Follower follower;
  private final Keepset keepset;
  private final Runnable wake;
  private final Instant started;

  StatusView(Follower follower, Keepset keepset, Runnable wake) {
    this.follower = follower;
    this.keepset = keepset;
    this.wake = wake;
    this.started = keepset.clock().instant();
  }

  @Override
  public Node status() throws DriverException {
    Optional<Turn> turn = follower.last();
    MapBuilder status =
        new MapBuilder()
            .put("version", Version.current())
            .put("started", started)
            .put("follows", follower.follows())
            .put("mode", follower.modeInForce().word())
            .put("state", turn.map(t -> t.good() ? "in-force" : "failing").orElse("starting"));
    turn.flatMap(Turn::revision).ifPresent(r -> status.put("revision", r.id()));
    status.putTime("checked_at", turn.map(Turn::at));
    status.putTime("applied_at", follower.appliedAt());
    status.putText("problem", turn.flatMap(Turn::problem));
    status.put(
        "diagnostics",
        turn.map(Turn::diagnostics).orElse(List.of()).stream()
            .map(DiagnosticCodec::encode)
            .toList());
    return status.put("databases", databases()).build();
  }

  private List<MapNode> databases() throws DriverException {
    List<MapNode> databases = new ArrayList<>();
    for (Platform platform : keepset.platforms().values()) {
      SortedMap<String, LiveTarget> targets = platform.read().targets();
      SortedMap<String, List<Backup>> backups = platform.backups(targets.keySet());
      for (Map.Entry<String, LiveTarget> target : targets.entrySet()) {
        databases.add(
            database(target.getValue(), backups.getOrDefault(target.getKey(), List.of())));
      }
    }
    return databases;
  }

  private MapNode database(LiveTarget live, List<Backup> backups) {
    MapBuilder map =
        new MapBuilder()
            .put("name", live.target().name())
            .put("platform", live.target().platform())
            .put("protected", live.protection().isPresent());
    live.protection().ifPresent(p -> map.put("engine", p.engine()));
    List<Backup> good = backups.stream().filter(b -> b.state() == BackupState.CREATED).toList();
    map.put("backups", good.size());
    backups.stream()
        .max(Comparator.comparing(Backup::time))
        .ifPresent(latest -> map.put("latest", BackupCodec.encode(latest)));
    map.putTime("next_run", live.protection().flatMap(this::nextRun));
    return map.build();
  }

  private Optional<Instant> nextRun(Protection protection) {
    Instant now = keepset.clock().instant();
    return protection.suspension().isPresent()
        ? Optional.empty()
        : protection.schedules().values().stream()
            .map((Schedule schedule) -> schedule.next(protection.name(), now))
            .min(Comparator.naturalOrder());
  }

  @Override
  public Planned plan() throws DriverException {
    Follower.Planned planned = follower.plan();
    List<Diagnostic> diagnostics = planned.diagnostics();
    return new Planned(planned.plan().map(plan -> PlanJson.of(plan, diagnostics)), diagnostics);
  }

  @Override
  public Planned plan(String database) throws DriverException {
    Planned whole = plan();
    return new Planned(whole.plan().flatMap(plan -> change(plan, database)), whole.diagnostics());
  }

  private static Optional<Node> change(Node plan, String database) {
    if (plan instanceof MapNode map && map.get("changes").orElse(null) instanceof ListNode list) {
      for (Node change : list.items()) {
        if (change instanceof MapNode one && one.text("database").equals(Optional.of(database))) {
          return Optional.of(one);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void refresh() {
    wake.run();
  }
}
