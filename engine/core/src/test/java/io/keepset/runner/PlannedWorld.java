package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.Change;
import io.keepset.plan.Impact;
import io.keepset.plan.Inventory;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Stock;
import io.keepset.plan.Weighing;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.KeepSet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The runner's own apply and expiry on a catalogue in memory; only the clock is moved. */
final class PlannedWorld {
  final RunnerLab lab = new RunnerLab();
  final Map<String, Backup> start = new TreeMap<>();

  PlannedWorld(AnyChange change) {
    lab.now = AnyChange.NOW;
    lab.holds = change.holds();
    lab.stores.put("dr", lab.memory);
    change.before().ifPresent(lab::protect);
    for (Backup backup : change.history()) {
      lab.catalogue.insert(backup);
      start.put(backup.id(), backup);
    }
  }

  Expiry.Report sweep(Instant at) {
    lab.now = at;
    return new Expiry(lab.ports()).all();
  }

  void endRestores() {
    for (Backup backup : lab.catalogue.inState(Set.of(BackupState.RESTORING))) {
      lab.catalogue.update(backup.settled(), BackupState.RESTORING);
    }
  }

  BackupState state(String id) {
    return lab.catalogue.find(id).orElseThrow().state();
  }

  Optional<Protection> protection() {
    return lab.catalogue.protection("db");
  }

  /** Whether anything decides about it: copies that no policy speaks of stay. */
  boolean judges(Backup backup) {
    return protection().flatMap(p -> Copies.rules(p, backup)).isPresent();
  }

  boolean frozen() {
    return KeepSet.decide(
            Copies.originals(lab.catalogue.backups("db")),
            protection().orElseThrow().retention(),
            ZoneOffset.UTC,
            lab.now,
            KeepSet::noHolds)
        .frozen()
        .isPresent();
  }

  /** How far away the nearest backup of those is that are kept beside this one. */
  Duration nearest(Backup backup, Instant at) {
    return Copies.alike(lab.catalogue.backups("db"), backup).stream()
        .filter(b -> b.state() == BackupState.CREATED && !b.time().isAfter(at))
        .map(b -> Duration.between(b.time(), backup.time()).abs())
        .min(Duration::compareTo)
        .orElse(Duration.ofDays(99_999));
  }

  /** Not kept: expired, or deleted. */
  boolean gone(String id) {
    BackupState state = state(id);
    return state == BackupState.EXPIRED || state == BackupState.DELETED;
  }

  private Plan plan(AnyChange change) {
    RunnerPlatform platform = new RunnerPlatform(lab.ports());
    SortedMap<String, Inventory> live = new TreeMap<>(Map.of(RunnerPlatform.NAME, platform.read()));
    Plan compared =
        Planner.compare(
            io.keepset.plan.Samples.desired(change.after().stream().toArray(Protection[]::new)),
            live,
            Mode.FULL);
    Map<TargetId, List<Backup>> backups = new HashMap<>();
    Weighing.questions(compared, live)
        .forEach(
            (name, databases) ->
                platform
                    .backups(databases)
                    .forEach((db, list) -> backups.put(new TargetId(name, db), list)));
    return Weighing.weigh(
        compared,
        new Stock(
            backups,
            change.holds()::on,
            Map.of("runner", platform.capabilities().retentionReach())),
        AnyChange.NOW,
        1);
  }

  /** Plans the change and applies it: what it costs, as the plan said. */
  Impact apply(AnyChange change) throws Exception {
    Plan plan = plan(change);
    Impact impact = Impact.NONE;
    RunnerPlatform platform = new RunnerPlatform(lab.ports());
    change.after().ifPresent(p -> lab.engine.databases.putIfAbsent(p.name(), "contents"));
    for (Change step : plan.applicable()) {
      if (!step.target().platform().equals(RunnerPlatform.NAME)) {
        continue;
      }
      platform.apply(step);
      impact = step.impact();
      if (impact.costs()) {
        assertThat(step.weakens()).as("what costs something weakens: %s", step).isTrue();
      }
    }
    return impact;
  }

  /** When that restore has ended it may come back and take another's place; nobody knows when. */
  boolean readsOneInGrace() {
    return start.values().stream()
        .anyMatch(b -> b.state() == BackupState.RESTORING && b.expiredAt().isPresent());
  }
}
