package io.keepset.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Objective;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Schedule NIGHTLY = Scenes.schedule("nightly", "0 2 * * *", ZoneOffset.UTC);
  private static final Instant SINCE = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant DUE = Instant.parse("2026-11-21T02:00:00Z");
  private static final Duration TOOK = Duration.ofMinutes(10);

  private static Protection protection() {
    return Scenes.protection(List.of(NIGHTLY), Objective.NONE, Optional.empty());
  }

  /** Every night from the 10th to before the 21st. */
  private static List<Backup> nights(Backup... more) {
    List<Backup> backups = new ArrayList<>();
    for (int night = 10; night < 21; night++) {
      backups.add(Scenes.good(Instant.parse("2026-11-" + night + "T02:00:05Z"), TOOK));
    }
    backups.addAll(List.of(more));
    return backups;
  }

  private static List<String> codes(Watched watched, Instant now) {
    return Watch.judge(watched, now).stream().map(Problem::code).toList();
  }

  private static List<String> codes(List<Backup> backups, Instant now) {
    return codes(Scenes.watched(protection(), backups, SINCE, now), now);
  }

  @Test
  void aRunThatDidNotBeginIsLateAfterTheTolerance() {
    // Usual wait 5 s, usual run 10 min, a quarter of an hour.
    assertThat(codes(nights(), DUE.plus(Duration.ofMinutes(25)))).isEmpty();
    List<Problem> problems =
        Watch.judge(
            Scenes.watched(protection(), nights(), SINCE, DUE.minusSeconds(1)),
            DUE.plus(Duration.ofMinutes(26)));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).code()).isEqualTo("watch.late");
    assertThat(problems.get(0).since()).contains(DUE);
    assertThat(problems.get(0).message())
        .isEqualTo(
            "the run of schedule nightly that was due at 2026-11-21 02:00 +00:00 has not begun");
  }

  @Test
  void whatWasUploadedKeepsNoPromise() {
    Objective daily =
        new Objective(Optional.of(Duration.ofHours(26)), Optional.empty(), Optional.empty());
    Instant now = DUE.plus(Duration.ofDays(3));
    Backup upload = Scenes.of(Scenes.good(now.minusSeconds(60), TOOK), BackupKind.UPLOADED);
    Watched watched =
        Scenes.watched(
            Scenes.protection(List.of(NIGHTLY), daily, Optional.empty()),
            nights(upload),
            SINCE,
            now);

    assertThat(Promises.of(watched, now))
        .singleElement()
        .extracting(Promises.Promise::state)
        .isEqualTo(Promises.State.BROKEN);
    assertThat(Promises.newestGood(nights(upload), now)).hasValue(nights().get(10));
  }

  @Test
  void theFirstRunMissingIsTheBeginning() {
    List<Problem> problems =
        Watch.judge(
            Scenes.watched(protection(), nights(), SINCE, DUE), DUE.plus(Duration.ofDays(5)));
    assertThat(problems.get(0).since()).contains(DUE);
  }

  @Test
  void aRunThatSomebodyClaimsToHaveServedIsStillMissing() {
    Instant now = DUE.plus(Duration.ofHours(3));
    assertThat(codes(Scenes.watched(protection(), nights(), SINCE, now), now))
        .containsExactly("watch.late");
  }

  @Test
  void aRunUnderWayIsNotLateButMayBeStuck() {
    List<Backup> backups = nights(Scenes.underWay(DUE.plusSeconds(5)));
    assertThat(codes(backups, DUE.plus(Duration.ofMinutes(60)))).isEmpty();
    assertThat(codes(backups, DUE.plus(Duration.ofMinutes(71)))).containsExactly("watch.stuck");
    assertThat(codes(backups, DUE.plus(Duration.ofHours(25))))
        .containsExactly("watch.late", "watch.stuck");
  }

  @Test
  void anotherSchedulesRunDoesNotHideAMissingOne() {
    Schedule hourly = Scenes.schedule("hourly", "0 * * * *", ZoneOffset.UTC);
    Protection both = Scenes.protection(List.of(hourly, NIGHTLY), Objective.NONE, Optional.empty());
    List<Backup> backups = new ArrayList<>();
    for (int hour = 0; hour < 20; hour++) {
      backups.add(Scenes.good(DUE.plus(Duration.ofHours(hour - 10)), TOOK));
    }
    Instant now = DUE.plus(Duration.ofHours(9)).plus(Duration.ofMinutes(20));
    SortedMap<String, ScheduleState> states = new TreeMap<>();
    states.put("hourly", Scenes.state(SINCE, now));
    states.put("nightly", Scenes.state(SINCE, DUE.minus(Duration.ofDays(1))));
    List<Problem> problems = Watch.judge(new Watched(both, backups, states, Optional.empty()), now);
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).message()).contains("schedule nightly").contains("2026-11-21 02:00");
  }

  @Test
  void neverIsWorseThanLate() {
    Instant since = DUE.minus(Duration.ofHours(5));
    Watched fresh = Scenes.watched(protection(), List.of(), since, since);
    assertThat(codes(fresh, DUE.plus(Duration.ofMinutes(74)))).isEmpty();
    assertThat(codes(fresh, DUE.plus(Duration.ofMinutes(76)))).containsExactly("watch.never");
  }

  @Test
  void nothingIsExpectedFromBeforeAScheduleWasInForce() {
    Instant since = DUE.plusSeconds(1);
    assertThat(
            codes(
                Scenes.watched(protection(), List.of(), since, since), DUE.plusSeconds(20 * 3600)))
        .isEmpty();
  }

  @Test
  void aScheduleThatNobodyRunsIsAProblem() {
    Watched nobody = new Watched(protection(), nights(), new TreeMap<>(), Optional.empty());
    assertThat(codes(nobody, DUE)).containsExactly("watch.schedule");
    SortedMap<String, ScheduleState> states = new TreeMap<>();
    states.put(
        "nightly",
        new ScheduleState(SINCE, DUE, Optional.empty(), Optional.of("is in state ERROR")));
    assertThat(Watch.judge(new Watched(protection(), nights(), states, Optional.empty()), DUE))
        .singleElement()
        .satisfies(
            p ->
                assertThat(p.message())
                    .isEqualTo(
                        "schedule nightly is in state ERROR: no backup will be made by itself"));
  }

  @Test
  void aMissingCopyIsToldOnceItHadTheTimeOfARun() {
    List<Backup> originals = nights();
    Protection wanted =
        io.keepset.runner.Samples.copied(
            protection(), "dr", "far", io.keepset.runner.Samples.keepLast(1));
    Instant now = DUE.minusSeconds(1);
    Backup newest = originals.get(originals.size() - 1);
    Backup copy = io.keepset.runner.Samples.copyOf(newest, "dr", "far");
    List<Backup> copied = new java.util.ArrayList<>(originals);
    copied.add(copy);

    assertThat(codes(Scenes.watched(wanted, originals, SINCE, now), now)).contains("watch.copy");
    assertThat(codes(Scenes.watched(wanted, copied, SINCE, now), now)).doesNotContain("watch.copy");
    Instant justNow = newest.finished().orElseThrow().plusSeconds(60);
    assertThat(codes(Scenes.watched(wanted, originals, SINCE, justNow), justNow))
        .doesNotContain("watch.copy");
  }

  @Test
  void theNewestRunSaysHowItEnded() {
    Instant now = DUE.plus(Duration.ofMinutes(5));
    assertThat(codes(nights(Scenes.failed(DUE)), now)).containsExactly("watch.failed");
    assertThat(codes(nights(Scenes.suspicious(DUE)), now)).containsExactly("watch.suspicious");
    assertThat(codes(nights(Scenes.damaged(DUE.minusSeconds(9)), Scenes.good(DUE, TOOK)), now))
        .containsExactly("watch.damaged");
  }

  @Test
  void backupsOffOnPurposeAreNotLate() {
    Instant now = DUE.plus(Duration.ofDays(3));
    assertThat(codes(suspended(true, "2026-12-31", nights()), now)).isEmpty();
    assertThat(codes(suspended(true, "2026-12-31", List.of()), now))
        .containsExactly("watch.disabled");
    assertThat(codes(suspended(false, "2026-12-31", nights()), now)).isEmpty();
    assertThat(codes(suspended(false, "2026-12-31", nights()), DUE.plus(Duration.ofDays(7))))
        .containsExactly("watch.paused");
    assertThat(codes(suspended(true, "2026-11-22", nights()), now))
        .containsExactly("watch.late", "watch.suspension");
  }

  private static Watched suspended(boolean disabled, String until, List<Backup> backups) {
    Suspension off = new Suspension(disabled, "a reason", Optional.of(LocalDate.parse(until)));
    Protection protection = Scenes.protection(List.of(NIGHTLY), Objective.NONE, Optional.of(off));
    return Scenes.watched(protection, backups, SINCE, DUE);
  }

  @Test
  void aBrokenObjectiveIsAProblemSinceItBroke() {
    Objective objective =
        new Objective(
            Optional.of(Duration.ofHours(26)),
            Optional.of(Duration.ofHours(1)),
            Optional.of(Duration.ofDays(2)));
    Protection protection = Scenes.protection(List.of(NIGHTLY), objective, Optional.empty());
    Instant now = DUE.plus(Duration.ofDays(2));
    Watched watched =
        new Watched(
            protection,
            nights(),
            new TreeMap<>(),
            Optional.of(new Measured(Duration.ofHours(2), DUE)));
    List<Problem> problems = Watch.judge(watched, now);
    assertThat(problems.stream().map(Problem::code))
        .containsExactly("watch.rpo", "watch.rto", "watch.schedule", "watch.verification");
    assertThat(problems.get(0).since()).contains(Instant.parse("2026-11-21T04:00:05Z"));
    assertThat(problems.get(0).message())
        .isEqualTo("the newest good backup is 2 d old; the objective rpo is 26 hours");
    assertThat(problems).allMatch(p -> p.severity() == Severity.ERROR);
  }

  @Test
  void aPromiseIsNotBrokenBeforeAnythingWasDue() {
    Objective objective =
        new Objective(Optional.of(Duration.ofHours(26)), Optional.of(TOOK), Optional.empty());
    Protection protection = Scenes.protection(List.of(NIGHTLY), objective, Optional.empty());
    Watched fresh = Scenes.watched(protection, List.of(), DUE.minusSeconds(60), DUE);
    assertThat(Promises.of(fresh, DUE))
        .extracting(Promises.Promise::state)
        .containsOnly(Promises.State.NOT_MEASURED);
    assertThat(codes(fresh, DUE)).isEmpty();
  }

  @Test
  void verificationIsOverdueAfterThirtyDaysWithoutAnObjective() {
    Watched old = suspended(true, "2027-12-31", nights());
    assertThat(codes(old, DUE.plus(Duration.ofDays(29)))).isEmpty();
    assertThat(codes(old, DUE.plus(Duration.ofDays(30)))).containsExactly("watch.verification");
  }
}
