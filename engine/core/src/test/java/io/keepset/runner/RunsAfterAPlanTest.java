package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.Casualty;
import io.keepset.plan.Impact;
import io.keepset.retention.Backup;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What a plan says that a change costs, while runs go on: two worlds begin with the same backups,
 * one goes on under the old rules, in the other the plan is applied.
 */
class RunsAfterAPlanTest {
  /** How far ahead a plan looks. */
  private static final Duration HORIZON = Duration.ofDays(400);

  /** What is gone here and would not be there was told. */
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

  private static int whileRunsGoOn(AnyChange change) throws Exception {
    PlannedWorld old = new PlannedWorld(change);
    PlannedWorld now = new PlannedWorld(change);
    Impact impact = now.apply(change);
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
      PlannedWorld old,
      PlannedWorld now,
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
      if (due && (now.gone(id) || !now.readsOneInGrace())) {
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
}
