package io.keepset.app.notify;

import io.keepset.app.state.ProblemLedger;
import io.keepset.app.state.ProblemLedger.Entry;
import io.keepset.diagnostic.Severity;
import io.keepset.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps book of problems and decides which are news. A problem is told once it has lasted two
 * minutes, again each day while something is broken, and its end once it has been gone for ten; one
 * that comes and goes is told at most once an hour. What is in the book survives a restart, so
 * nothing is told twice.
 */
final class Diary {
  static final Duration SETTLED = Duration.ofMinutes(2);
  static final Duration GONE = Duration.ofMinutes(10);
  static final Duration AGAIN = Duration.ofHours(1);
  static final Duration REMINDER = Duration.ofDays(1);

  private final ProblemLedger ledger;

  Diary(ProblemLedger ledger) {
    this.ledger = ledger;
  }

  /** What is to be told now. */
  record News(List<Problem> begun, List<Problem> lasting, List<Problem> ended) {
    News {
      begun = List.copyOf(begun);
      lasting = List.copyOf(lasting);
      ended = List.copyOf(ended);
    }
  }

  /** Takes down what there is at this moment; what it answers counts as told. */
  News write(List<Problem> problems, Instant at) {
    Instant now = at.truncatedTo(ChronoUnit.MILLIS); // what the state gives back as it is
    Map<Problem.Key, Entry> known = new HashMap<>();
    ledger.all().forEach(entry -> known.put(entry.key(), entry));
    List<Problem> begun = new ArrayList<>();
    List<Problem> lasting = new ArrayList<>();
    List<Problem> ended = new ArrayList<>();
    for (Problem problem : problems) {
      if (problem.severity() != Severity.NOTE) {
        present(problem, Optional.ofNullable(known.remove(problem.key())), now, begun, lasting);
      }
    }
    for (Entry gone : known.values()) {
      absent(gone, now, ended);
    }
    return new News(
        begun.stream().sorted().toList(),
        lasting.stream().sorted().toList(),
        ended.stream().sorted().toList());
  }

  private void present(
      Problem problem,
      Optional<Entry> before,
      Instant now,
      List<Problem> begun,
      List<Problem> lasting) {
    // One whose end was told begins anew; one whose end was not told never ended.
    boolean anew = before.filter(e -> e.endToldAt().isEmpty()).isEmpty();
    Instant firstSeen = anew ? now : before.get().firstSeen();
    Instant since =
        problem
            .since()
            .or(() -> before.filter(e -> !anew).flatMap(e -> e.problem().since()))
            .orElse(firstSeen);
    Problem dated = problem.since(since.truncatedTo(ChronoUnit.MILLIS));
    Optional<Instant> last = before.flatMap(Entry::notifiedAt);
    boolean told = last.filter(at -> !at.isBefore(firstSeen)).isPresent();
    boolean worse = told && problem.broken() && !before.get().problem().broken();
    boolean due =
        !told && !firstSeen.plus(SETTLED).isAfter(now) && last.filter(recent(now)).isEmpty();
    Optional<Instant> notified = last;
    if (worse || due) {
      begun.add(dated);
      notified = Optional.of(now);
    } else if (told
        && problem.broken()
        && last.filter(at -> !at.plus(REMINDER).isAfter(now)).isPresent()) {
      lasting.add(dated);
      notified = Optional.of(now);
    }
    Entry after = new Entry(dated, firstSeen, notified, Optional.empty(), Optional.empty());
    if (before.filter(after::equals).isEmpty()) {
      ledger.put(after);
    }
  }

  private void absent(Entry gone, Instant now, List<Problem> ended) {
    boolean told = gone.notifiedAt().filter(at -> !at.isBefore(gone.firstSeen())).isPresent();
    if (gone.endToldAt().isPresent()) {
      if (gone.notifiedAt().filter(recent(now)).isEmpty()) {
        ledger.remove(gone.key());
      }
    } else if (gone.notifiedAt().isEmpty()) {
      ledger.remove(gone.key());
    } else if (!told) {
      ledger.put(ended(gone, now, Optional.of(now)));
    } else if (gone.endedAt().isEmpty()) {
      ledger.put(ended(gone, now, Optional.empty()));
    } else if (!gone.endedAt().get().plus(GONE).isAfter(now)) {
      ended.add(gone.problem());
      ledger.put(ended(gone, gone.endedAt().get(), Optional.of(now)));
    }
  }

  private static Entry ended(Entry gone, Instant at, Optional<Instant> told) {
    return new Entry(gone.problem(), gone.firstSeen(), gone.notifiedAt(), Optional.of(at), told);
  }

  /** So short ago that one which comes and goes is not told again yet. */
  private static Predicate<Instant> recent(Instant now) {
    return at -> at.plus(AGAIN).isAfter(now);
  }
}
