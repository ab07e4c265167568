package io.keepset.app.serve;

import io.keepset.app.Keepset;
import io.keepset.app.Version;
import io.keepset.app.http.Following;
import io.keepset.app.watch.StatusJson;
import io.keepset.app.watch.Watchman;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Change;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanJson;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the API tells about the follower and what it looks after. */
final class StatusView implements Following {
  private final Follower follower;
  private final Watchman watchman;
  private final NotifyTest notifyTest;
  private final Runnable wake;
  private final Instant started;

  StatusView(
      Follower follower, Keepset keepset, Watchman watchman, NotifyTest notifyTest, Runnable wake) {
    this.follower = follower;
    this.watchman = watchman;
    this.notifyTest = notifyTest;
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
    // Also while the policies can't be read: what they said last is still in force.
    follower.appliedRevision().ifPresent(r -> status.put("applied_revision", r.id()));
    status.putTime("checked_at", turn.map(Turn::at));
    status.putTime("applied_at", follower.appliedAt());
    status.putText("problem", turn.flatMap(Turn::problem));
    status.put(
        "diagnostics", DiagnosticCodec.encode(turn.map(Turn::diagnostics).orElse(List.of())));
    return StatusJson.addTo(status, watchman.look()).build();
  }

  @Override
  public Planned plan() throws DriverException {
    Follower.Planned planned = follower.plan();
    List<Diagnostic> diagnostics = planned.diagnostics();
    return new Planned(
        planned.plan().map(plan -> PlanJson.of(plan, diagnostics, planned.request())), diagnostics);
  }

  /** Writes down what is asked for, not the thousands of others. */
  @Override
  public Planned plan(String database) throws DriverException {
    Follower.Planned planned = follower.plan();
    return new Planned(
        planned.plan().flatMap(plan -> change(plan, database)), planned.diagnostics());
  }

  private static Optional<Node> change(Plan plan, String database) {
    List<Change> changes =
        plan.changes().stream().filter(c -> c.target().name().equals(database)).toList();
    return PlanJson.of(plan.withChanges(changes), List.of())
        .get("changes")
        .filter(node -> node instanceof ListNode list && !list.items().isEmpty())
        .map(node -> ((ListNode) node).items().get(0));
  }

  /** Sends test messages. */
  interface NotifyTest {
    MapNode run(Optional<String> receiver) throws DriverException;
  }

  @Override
  public Node testNotifications(Optional<String> receiver) throws DriverException {
    return notifyTest.run(receiver);
  }

  @Override
  public void refresh() {
    wake.run();
  }
}
