package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.Casualty;
import io.keepset.plan.Change;
import io.keepset.plan.Impact;
import io.keepset.plan.Inventory;
import io.keepset.plan.Onset;
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
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a plan says that a change costs is what the change costs. Real planner, real weighing, the
 * runner's own apply and expiry on a catalogue in memory; only the clock is moved.
 *
 * <p>The cost is a difference: two worlds begin with the same backups, one goes on under the old
 * rules, in the other the plan is applied.
 */
class PlanTellsTheTruthTest {
  /** How far ahead a plan looks. */
  private static final Duration HORIZON = Duration.ofDays(400);

  private static final Duration INSTANT = Duration.ofMillis(1);

  /** The change costs what the plan said, when it said so, if nothing else happens. */
  @Test
  void exactlyThePredictedBackupsGoAndAtThePredictedTime() {
    Map<AnyChange.Kind, Integer> met = new EnumMap<>(AnyChange.Kind.class);
    Map<AnyChange.Kind, Integer> costly = new EnumMap<>(AnyChange.Kind.class);
    Set<Onset> onsets = new TreeSet<>();
    Laws.forAll(
        10_000,
        random -> {
          AnyChange change = AnyChange.of(random);
          Impact impact = quietly(change);
          met.merge(change.kind(), 1, Integer::sum);
          if (!impact.casualties().isEmpty()) {
            costly.merge(change.kind(), 1, Integer::sum);
          }
          impact.casualties().forEach(casualty -> onsets.add(casualty.onset()));
        });
    if (System.getProperty("keepset.law.seed") == null) {
      for (AnyChange.Kind kind : AnyChange.Kind.values()) {
        assertThat(met.getOrDefault(kind, 0)).as("cases of " + kind).isGreaterThan(200);
        if (kind.canCostAtOnce()) {
          assertThat(costly.getOrDefault(kind, 0)).as("costly " + kind).isGreaterThan(10);
        }
      }
      assertThat(onsets)
          .contains(Onset.AT_ONCE, Onset.GOOD_RUN, Onset.RESTORE_END, Onset.GRACE_END);
    }
  }

  /** The same while runs go on: what is gone here and would not be there was told. */
  @Test
  void whileRunsGoOnNothingIsLostThatWasNotTold() {
    int[] sooner = {0};
    Laws.forAll(
        3_000,
        random -> {
          sooner[0] += whileRunsGoOn(AnyChange.of(random));
        });
    if (System.getProperty("keepset.law.seed") == null) {
      assertThat(sooner[0]).as("changes that cost something later").isGreaterThan(100);
    }
  }

  /** When that restore has ended it may come back and take another's place; nobody knows when. */
  private static boolean readsOneInGrace(Collection<Backup> history) {
    return history.stream()
        .anyMatch(b -> b.state() == BackupState.RESTORING && b.expiredAt().isPresent());
  }

  /** One of the two worlds. */
  private static final class World {
    private final RunnerLab lab = new RunnerLab();
    private final Map<String, Backup> start = new TreeMap<>();

    private World(AnyChange change) {
      lab.now = AnyChange.NOW;
      lab.holds = change.holds();
      lab.stores.put("dr", lab.memory);
      change.before().ifPresent(lab::protect);
      for (Backup backup : change.history()) {
        lab.catalogue.insert(backup);
        start.put(backup.id(), backup);
      }
    }

    private Expiry.Report sweep(Instant at) {
      lab.now = at;
      return new Expiry(lab.ports()).all();
    }

    private void endRestores() {
      for (Backup backup : lab.catalogue.inState(Set.of(BackupState.RESTORING))) {
        lab.catalogue.update(backup.settled(), BackupState.RESTORING);
      }
    }

    private BackupState state(String id) {
      return lab.catalogue.find(id).orElseThrow().state();
    }

    private Optional<Protection> protection() {
      return lab.catalogue.protection("db");
    }

    /** Whether anything decides about it: copies that no policy speaks of stay. */
    private boolean judges(Backup backup) {
      return protection().flatMap(p -> Copies.rules(p, backup)).isPresent();
    }

    private boolean frozen() {
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
    private Duration nearest(Backup backup, Instant at) {
      return Copies.alike(lab.catalogue.backups("db"), backup).stream()
          .filter(b -> b.state() == BackupState.CREATED && !b.time().isAfter(at))
          .map(b -> Duration.between(b.time(), backup.time()).abs())
          .min(Duration::compareTo)
          .orElse(Duration.ofDays(99_999));
    }

    /** Not kept: expired, or deleted. */
    private boolean gone(String id) {
      BackupState state = state(id);
      return state == BackupState.EXPIRED || state == BackupState.DELETED;
    }
  }

  private static Plan plan(World world, AnyChange change) {
    RunnerPlatform platform = new RunnerPlatform(world.lab.ports());
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

  private static Impact apply(World world, AnyChange change) throws Exception {
    Plan plan = plan(world, change);
    Impact impact = Impact.NONE;
    RunnerPlatform platform = new RunnerPlatform(world.lab.ports());
    change.after().ifPresent(p -> world.lab.engine.databases.putIfAbsent(p.name(), "contents"));
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

  private static Impact quietly(AnyChange change) throws Exception {
    World old = new World(change);
    World now = new World(change);
    Impact impact = apply(now, change);
    old.sweep(AnyChange.NOW);
    now.sweep(AnyChange.NOW);

    Map<String, Casualty> told = new TreeMap<>();
    impact.casualties().forEach(c -> told.put(c.backup().id(), c));
    Set<String> back = new TreeSet<>();
    Set<String> expired = new TreeSet<>();
    for (Backup backup : now.start.values()) {
      String id = backup.id();
      if (backup.state() == BackupState.EXPIRED) {
        boolean there = now.state(id) == BackupState.CREATED;
        boolean otherwise = old.state(id) == BackupState.CREATED;
        if (there && !otherwise) {
          back.add(id);
        }
      } else if (backup.state() == BackupState.CREATED && now.gone(id) && !old.gone(id)) {
        expired.add(id);
      }
    }
    assertThat(ids(impact.returning())).as("return").isEqualTo(back);
    assertThat(ids(impact, Onset.AT_ONCE)).as("expire at once").isEqualTo(expired);
    for (String id : expired) {
      Backup gone = now.lab.catalogue.find(id).orElseThrow();
      assertThat(told.get(id).expires()).contains(AnyChange.NOW).isEqualTo(gone.expiredAt());
      if (!now.frozen()) {
        assertThat(told.get(id).deleted()).isEqualTo(gone.deleteAfter());
      }
    }
    inGrace(impact, old, now);
    deletions(impact, now, change.after());
    restoresEnd(impact, old, now);
    return impact;
  }

  /** Those that the old rules would bring back, and all if nothing looked after them. */
  private static void inGrace(Impact impact, World old, World now) {
    Set<String> lost = new TreeSet<>();
    boolean lookedAfter = old.protection().isPresent();
    boolean looksAfter = now.protection().isPresent();
    for (Backup backup : now.start.values()) {
      if (backup.state() == BackupState.EXPIRED && looksAfter) {
        boolean stays = !lookedAfter || old.state(backup.id()) == BackupState.CREATED;
        if (stays && now.gone(backup.id()) && now.judges(backup)) {
          lost.add(backup.id());
        }
      }
    }
    assertThat(ids(impact, Onset.GRACE_END)).as("lose their way back").isEqualTo(lost);
  }

  /** Nothing is deleted before its time, and each at its time, unless all is frozen. */
  private static void deletions(Impact impact, World now, Optional<Protection> after) {
    boolean frozen = now.protection().isPresent() && now.frozen();
    TreeMap<Instant, List<String>> days = new TreeMap<>();
    for (Casualty casualty : impact.casualties()) {
      boolean dated = casualty.onset() == Onset.AT_ONCE || casualty.onset() == Onset.GRACE_END;
      if (dated && casualty.deleted().isPresent() && !frozen) {
        days.computeIfAbsent(casualty.deleted().get(), day -> new ArrayList<>())
            .add(casualty.backup().id());
      }
    }
    days.forEach(
        (day, ids) -> {
          if (day.isAfter(AnyChange.NOW)) {
            now.sweep(day.minus(INSTANT));
            ids.forEach(id -> assertThat(now.state(id)).isEqualTo(BackupState.EXPIRED));
          }
          now.sweep(day);
          ids.forEach(id -> assertThat(now.state(id)).as(id).isEqualTo(BackupState.DELETED));
        });
  }

  private static void restoresEnd(Impact impact, World old, World now) {
    old.endRestores();
    now.endRestores();
    old.sweep(old.lab.now.plusSeconds(1));
    now.sweep(now.lab.now.plusSeconds(1));
    boolean lookedAfter = old.protection().isPresent();
    Set<String> gone = new TreeSet<>();
    for (Backup backup : now.start.values()) {
      boolean stays = !lookedAfter || !old.gone(backup.id());
      if (backup.state() == BackupState.RESTORING
          && now.gone(backup.id())
          && stays
          && now.protection().isPresent()
          && now.judges(backup)) {
        gone.add(backup.id());
      }
    }
    Set<String> told = ids(impact, Onset.RESTORE_END);
    if (impact.casualties().stream().noneMatch(c -> c.onset() == Onset.GOOD_RUN)
        && now.protection().isPresent()
        && !now.frozen()) {
      if (readsOneInGrace(now.start.values())) {
        // It may take another's place, or not: both are told.
        assertThat(told).as("go when their restore has ended").containsAll(gone);
      } else {
        assertThat(told).as("go when their restore has ended").isEqualTo(gone);
      }
    }
  }

  private static int whileRunsGoOn(AnyChange change) throws Exception {
    World old = new World(change);
    World now = new World(change);
    Impact impact = apply(now, change);
    TreeMap<String, Casualty> told = new TreeMap<>();
    impact.casualties().forEach(c -> told.put(c.backup().id(), c));
    impact.sooner().forEach(c -> told.put(c.backup().id(), c));
    boolean sameRuns =
        change.before().isEmpty()
            || change.after().isEmpty()
            || change.before().get().schedules().isEmpty()
            || change.before().get().schedules().equals(change.after().get().schedules());
    old.sweep(AnyChange.NOW);
    now.sweep(AnyChange.NOW);
    old.endRestores();
    now.endRestores();
    List<Lonely> lonely = new ArrayList<>();
    Instant last = AnyChange.NOW;
    Instant here = AnyChange.NOW;
    Instant there = AnyChange.NOW;
    for (int run = 0; run < 14; run++) {
      Optional<Instant> nextHere = change.newRun(here);
      if (nextHere.isEmpty()) {
        break;
      }
      Optional<Instant> nextThere = change.oldRun(there);
      Instant at = nextHere.get();
      if (at.isAfter(AnyChange.NOW.plus(HORIZON))) {
        break;
      }
      if (nextThere.isPresent() && nextThere.get().isBefore(at)) {
        at = nextThere.get();
      }
      if (nextThere.filter(at::equals).isPresent()) {
        AnyChange.run(old.lab, at);
        there = at;
      }
      if (nextHere.get().equals(at)) {
        AnyChange.run(now.lab, at);
        here = at;
      }
      old.sweep(at);
      now.sweep(at);
      compare(change, told, old, now, at, sameRuns, lonely);
      last = at;
    }
    for (Lonely one : lonely) {
      Instant soon = one.at.plus(change.oldInterval());
      boolean goesSoonThere =
          old.lab
              .catalogue
              .find(one.id)
              .flatMap(Backup::expiredAt)
              .filter(e -> !e.isAfter(soon))
              .isPresent();
      assertThat(goesSoonThere || soon.isAfter(last))
          .as("%s is gone at %s, not told, and nothing is near it", one.id, one.at)
          .isTrue();
    }
    return impact.sooner().isEmpty() ? 0 : 1;
  }

  private static void compare(
      AnyChange change,
      Map<String, Casualty> told,
      World old,
      World now,
      Instant at,
      boolean sameRuns,
      List<Lonely> lonely) {
    boolean lookedAfter = change.before().isPresent();
    for (Backup backup : now.start.values()) {
      String id = backup.id();
      boolean counts =
          switch (backup.state()) {
            case CREATED, RESTORING, EXPIRED -> true;
            case CREATING, FAILED, DELETED -> false;
          };
      if (!counts || !now.judges(backup) || change.after().isEmpty()) {
        continue;
      }
      boolean lost = now.gone(id) && (!lookedAfter || !old.gone(id));
      Casualty casualty = told.get(id);
      boolean due = casualty != null && casualty.expires().filter(day -> day.isAfter(at)).isEmpty();
      if (due && (now.gone(id) || !readsOneInGrace(now.start.values()))) {
        assertThat(now.gone(id)).as("%s was told to be gone by %s", id, at).isTrue();
      } else if (lost && sameRuns) {
        throw new AssertionError(id + " is gone at " + at + " and was not told: " + casualty);
      } else if (lost && now.nearest(backup, at).compareTo(change.oldInterval()) > 0) {
        lonely.add(new Lonely(id, at));
      }
    }
  }

  /** Gone in the new world only, and nothing near it is left. */
  private record Lonely(String id, Instant at) {}

  private static Set<String> ids(List<Backup> backups) {
    Set<String> ids = new TreeSet<>();
    backups.forEach(backup -> ids.add(backup.id()));
    return ids;
  }

  private static Set<String> ids(Impact impact, Onset onset) {
    Set<String> ids = new TreeSet<>();
    for (Casualty casualty : impact.casualties()) {
      if (casualty.onset() == onset) {
        ids.add(casualty.backup().id());
      }
    }
    return ids;
  }
}
