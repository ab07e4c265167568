package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.runner.Expiry;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.Samples;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is simulated is what happens. */
class SimulationLawsTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  /** The runner's own expiry over a catalogue, with the clock moved by hand. */
  @Test
  void livingThroughAHistoryIsWhatTheRunnerDoes() {
    Laws.forAll(
        300,
        random -> {
          Retention rules = Histories.rules(random);
          Duration grace = Duration.ofHours(Any.of(random, 0, 5, 72, 400));
          List<Backup> coming = coming(random);
          List<Backup> there = Any.chance(random, 0.5) ? earlier(random) : List.of();
          Instant until = NOON.plus(Duration.ofHours(Any.between(random, 0, 40 * 24)));
          RunnerLab lab = new RunnerLab();
          lab.protect(Samples.protection("orders", rules, grace));
          there.forEach(lab.catalogue::insert);

          Simulated simulated =
              new Simulation(rules, ZoneOffset.UTC, grace).live(there, coming, NOON, until);
          liveThrough(lab, coming, until);

          Map<String, BackupState> expected = new TreeMap<>();
          lab.catalogue.backups("orders").forEach(b -> expected.put(b.id(), b.state()));
          Map<String, BackupState> actual = new TreeMap<>();
          for (Decision decision : simulated.backups()) {
            if (decision.backup().state() != BackupState.DELETED) {
              actual.put(decision.backup().id(), decision.backup().state());
            }
          }
          assertThat(actual).isEqualTo(expected);
        });
  }

  @Test
  void aDecisionAtOnceIsThatOfTheKeepSet() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);
          Simulated simulated =
              new Simulation(rules, ZoneOffset.UTC, Duration.ZERO).decide(history, Histories.NOW);
          KeepSet set =
              KeepSet.decide(history, rules, ZoneOffset.UTC, Histories.NOW, KeepSet::noHolds);

          assertThat(simulated.kept()).isEqualTo(set.kept());
          assertThat(simulated.backups()).hasSize(history.size());
          assertThat(simulated.backups())
              .isSortedAccordingTo(Comparator.comparing(d -> d.backup().time()));
        });
  }

  @Test
  void aLongerSpanOfMadeUpRunsMissesTheSameRunsAndMore() {
    Laws.forAll(
        50,
        random -> {
          Schedule nightly = Samples.protection("x").schedules().get("nightly");
          MadeUpRuns runs =
              new MadeUpRuns(List.of(nightly), random.nextDouble() / 2, random.nextLong());
          List<Instant> few =
              runs.between(NOON, NOON.plus(Duration.ofDays(50)), 1000).orElseThrow();
          List<Instant> many =
              runs.between(NOON, NOON.plus(Duration.ofDays(90)), 1000).orElseThrow();

          assertThat(many.subList(0, few.size())).isEqualTo(few);
          assertThat(new HashSet<>(many)).hasSize(many.size());
        });
  }

  private static void liveThrough(RunnerLab lab, List<Backup> coming, Instant until) {
    Expiry expiry = new Expiry(lab.ports());
    List<Backup> left = new ArrayList<>(coming);
    lab.now = NOON;
    expiry.of("orders");
    while (!lab.now.equals(until)) {
      Instant due = left.isEmpty() ? until : left.get(0).time();
      Optional<Instant> graceEnds =
          lab.catalogue.backups("orders").stream()
              .filter(b -> b.state() == BackupState.EXPIRED)
              .flatMap(b -> b.deleteAfter().stream())
              .filter(at -> at.isAfter(lab.now))
              .min(Comparator.naturalOrder());
      Instant next = lab.now.plus(Duration.ofHours(7)); // a chore in between changes nothing
      for (Instant other : List.of(due, graceEnds.orElse(until), until)) {
        next = other.isBefore(next) ? other : next;
      }
      lab.now = next;
      while (!left.isEmpty() && left.get(0).time().equals(next)) {
        lab.catalogue.insert(left.remove(0));
      }
      expiry.of("orders");
    }
  }

  private static List<Backup> coming(Random random) {
    List<Backup> coming = new ArrayList<>();
    Instant time = NOON;
    for (int n = Any.between(random, 0, 40); n > 0; n--) {
      time = time.plus(Duration.ofHours(Any.of(random, 1, 8, 24, 24, 72)));
      coming.add(run(random, time));
    }
    return coming;
  }

  private static List<Backup> earlier(Random random) {
    List<Backup> earlier = new ArrayList<>();
    Instant time = NOON;
    for (int n = Any.between(random, 0, 30); n > 0; n--) {
      time = time.minus(Duration.ofHours(Any.of(random, 1, 8, 24, 24, 72, 900)));
      earlier.add(0, run(random, time));
    }
    return earlier;
  }

  private static Backup run(Random random, Instant time) {
    return Histories.backup(
        time.toString(),
        time,
        Any.mostly(
            random,
            BackupKind.SCHEDULED,
            BackupKind.ON_DEMAND,
            BackupKind.UPLOADED,
            BackupKind.FINAL),
        Any.mostly(random, BackupState.CREATED, BackupState.FAILED, BackupState.CREATED),
        Any.mostly(random, 100L, 0L),
        Any.mostly(random, true, false),
        Any.mostly(random, false, true));
  }
}
