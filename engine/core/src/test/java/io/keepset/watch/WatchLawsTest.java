package io.keepset.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Objective;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A missing run is always told, and a healthy history never gives an alarm. */
class WatchLawsTest {
  private static final List<String> CRONS =
      List.of(
          "*/5 * * * *",
          "7 * * * *",
          "0 */6 * * *",
          "30 2 * * *",
          "0 0 * * *",
          "15 3 * * 1-5",
          "0 4 * * 0",
          "0 1 1 * *");

  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Pacific/Apia"));

  private static final List<String> TOLD = List.of("watch.late", "watch.never", "watch.stuck");

  /** What an engine would have done with one schedule that it was told of at a time. */
  private static final class Engine {
    private final Random random;
    private final Schedule schedule;
    private final Instant since;
    private final Duration longestWait;
    private final Duration longestRun;
    private final List<Backup> backups = new ArrayList<>();
    private Instant served;
    private Instant free;
    private Optional<Instant> serving = Optional.empty();

    Engine(Random random, Schedule schedule, Instant since, Duration wait, Duration run) {
      this.random = random;
      this.schedule = schedule;
      this.since = since;
      this.longestWait = wait;
      this.longestRun = run;
      this.served = since;
      this.free = since;
    }

    /** It works until then; what begins before and ends after is under way. */
    void work(Instant now, boolean mayFail) {
      while (true) {
        Instant woken = schedule.next("orders", served).plus(part(longestWait));
        Instant at = woken.isBefore(free) ? free : woken;
        if (at.isAfter(now)) {
          return;
        }
        Optional<Instant> due = schedule.missed("orders", served, at);
        if (due.isEmpty()) {
          served = schedule.previous("orders", at); // left out, the next is near
          continue;
        }
        Duration took = part(longestRun);
        free = at.plus(took);
        if (free.isAfter(now)) {
          backups.add(Scenes.underWay(at));
          serving = due;
          return;
        }
        backups.add(mayFail && random.nextInt(6) == 0 ? Scenes.failed(at) : Scenes.good(at, took));
        served = due.get();
      }
    }

    void stop(Instant until) {
      free = until.isAfter(free) ? until : free;
    }

    private Duration part(Duration longest) {
      return Duration.ofSeconds(random.nextLong(longest.toSeconds() + 1));
    }

    ScheduleState state() {
      return new ScheduleState(since, served, serving, Optional.empty());
    }

    /** A backup is read back every three weeks, as the server does by itself. */
    List<Problem> problems(Instant now, ScheduleState state) {
      List<Backup> verified =
          backups.stream()
              .map(b -> b.verified() ? Scenes.verified(b, now.minus(Duration.ofDays(22))) : b)
              .toList();
      SortedMap<String, ScheduleState> states = new TreeMap<>();
      states.put("s", state);
      return Watch.judge(
          new Watched(
              Scenes.protection(List.of(schedule), Objective.NONE, Optional.empty()),
              verified,
              states,
              Optional.empty()),
          now);
    }
  }

  private static Engine engine(Random random) {
    Schedule plain = Scenes.schedule("s", pick(random, CRONS), pick(random, ZONES));
    long interval = plain.interval().toSeconds();
    Schedule schedule =
        new Schedule(
            "s", plain.cron(), plain.zone(), Duration.ofSeconds(random.nextLong(interval / 4)));
    // Around the changes of summer time of both halves of the earth.
    Instant since =
        Instant.parse(pick(random, List.of("2026-03-01T00:00:00Z", "2026-10-01T00:00:00Z")))
            .plusSeconds(random.nextLong(40 * 86_400));
    return new Engine(
        random,
        schedule,
        since,
        Duration.ofSeconds(Math.min(14 * 60, interval / 8)),
        Duration.ofSeconds(Math.min(3600, interval / 8)));
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static Instant later(Random random, Engine engine, int mostRuns) {
    long span = engine.schedule.interval().toSeconds() * (1 + random.nextInt(mostRuns));
    return engine.since.plusSeconds(random.nextLong(span));
  }

  @Test
  void aMissingRunIsAlwaysTold() {
    Laws.forAll(
        3_000,
        random -> {
          Engine engine = engine(random);
          Instant end = later(random, engine, 12);
          engine.work(end, true);
          List<Backup> backups = engine.backups;
          // A run may have died under way, and others may go on: by hand, brought from elsewhere.
          Instant last = backups.isEmpty() ? engine.since : backups.get(backups.size() - 1).time();
          Instant due = engine.schedule.next("orders", last);
          Duration tolerance =
              Duration.ofHours(1).plus(engine.longestRun).plus(Duration.ofMinutes(15));
          Duration stuck = Duration.ofHours(6);
          Instant now =
              due.plus(tolerance).plus(stuck).plusSeconds(1 + random.nextLong(40 * 86_400));
          for (int i = random.nextInt(4); i > 0; i--) {
            Backup other = Scenes.good(last.plusSeconds(random.nextLong(9_000_000)), Duration.ZERO);
            backups.add(Scenes.of(other, pick(random, OTHER_KINDS)));
          }
          Instant claimed = random.nextBoolean() ? now : engine.served;
          assertThat(engine.problems(now, Scenes.state(engine.since, claimed)))
              .extracting(Problem::code)
              .containsAnyElementsOf(TOLD);
        });
  }

  private static final List<BackupKind> OTHER_KINDS =
      List.of(BackupKind.ON_DEMAND, BackupKind.UPLOADED, BackupKind.COPY, BackupKind.FINAL);

  @Test
  void runsOfAnotherScheduleDoNotHideOneThatWasNotServed() {
    Laws.forAll(
        300,
        random -> {
          Engine dead = engine(random);
          Engine alive = engine(random);
          Instant end = later(random, dead, 8);
          dead.work(end, false);
          Instant now =
              dead.schedule
                  .next("orders", end)
                  .plus(Duration.ofHours(12))
                  .plusSeconds(random.nextLong(20 * 86_400));
          alive.work(now, true);
          Schedule first = dead.schedule;
          Schedule second =
              new Schedule(
                  "other", alive.schedule.cron(), alive.schedule.zone(), alive.schedule.jitter());
          List<Backup> all = new ArrayList<>(dead.backups);
          all.addAll(alive.backups);
          SortedMap<String, ScheduleState> states = new TreeMap<>();
          states.put("s", Scenes.state(dead.since, dead.served));
          states.put("other", alive.state());
          List<Problem> problems =
              Watch.judge(
                  new Watched(
                      Scenes.protection(List.of(first, second), Objective.NONE, Optional.empty()),
                      all,
                      states,
                      Optional.empty()),
                  now);
          assertThat(problems).extracting(Problem::code).containsAnyElementsOf(TOLD);
        });
  }

  @Test
  void aHealthyHistoryGivesNoAlarm() {
    Laws.forAll(
        3_000,
        random -> {
          Engine engine = engine(random);
          Instant now = later(random, engine, 12);
          engine.work(now, false);
          assertThat(engine.problems(now, engine.state())).isEmpty();
        });
  }

  @Test
  void onceAMissedRunIsCaughtUpNothingIsLate() {
    Laws.forAll(
        2_000,
        random -> {
          Engine engine = engine(random);
          Instant down = later(random, engine, 6);
          engine.work(down, false);
          engine.backups.removeIf(b -> b.finished().isEmpty()); // its process died
          Instant up =
              down.plusSeconds(random.nextLong(engine.schedule.interval().toSeconds() * 3));
          engine.stop(up);
          int before = engine.backups.size();
          Instant now = up.plus(engine.schedule.interval().multipliedBy(2));
          engine.work(now, false);
          assertThat(engine.backups).hasSizeGreaterThan(before);
          Instant began = engine.backups.get(engine.backups.size() - 1).time();
          Instant then = began.isBefore(now) ? now : began;
          assertThat(engine.problems(then, engine.state())).isEmpty();
        });
  }
}
