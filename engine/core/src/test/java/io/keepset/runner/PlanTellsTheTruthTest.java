package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.Casualty;
import io.keepset.plan.Impact;
import io.keepset.plan.Onset;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static Impact quietly(AnyChange change) throws Exception {
    PlannedWorld old = new PlannedWorld(change);
    PlannedWorld now = new PlannedWorld(change);
    Impact impact = now.apply(change);
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
  private static void inGrace(Impact impact, PlannedWorld old, PlannedWorld now) {
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
  private static void deletions(Impact impact, PlannedWorld now, Optional<Protection> after) {
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

  private static void restoresEnd(Impact impact, PlannedWorld old, PlannedWorld now) {
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
      if (now.readsOneInGrace()) {
        // It may take another's place, or not: both are told.
        assertThat(told).as("go when their restore has ended").containsAll(gone);
      } else {
        assertThat(told).as("go when their restore has ended").isEqualTo(gone);
      }
    }
  }

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
