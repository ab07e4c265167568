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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /**
   * What is to be told now.
   *
   * @param written what the book says once it is told
   * @param forgotten what it says nothing about any more
   */
  record News(
      List<Problem> begun,
      List<Problem> lasting,
      List<Problem> ended,
      List<Entry> written,
      List<Problem.Key> forgotten) {
    News {
      begun = List.copyOf(begun);
      lasting = List.copyOf(lasting);
      ended = List.copyOf(ended);
      written = List.copyOf(written);
      forgotten = List.copyOf(forgotten);
    }
  }

  /** What is in the book counts as told. */
  void told(News news) {
    ledger.write(news.written(), news.forgotten());
  }

  /** What there is to tell at this moment; {@link #told} writes it down. */
  News news(List<Problem> problems, Instant at) {
    Instant now = at.truncatedTo(ChronoUnit.MILLIS); // what the state gives back as it is
    Map<Problem.Key, Entry> known = new HashMap<>();
    ledger.all().forEach(entry -> known.put(entry.key(), entry));
    Draft draft = new Draft();
    Set<Problem.Key> seen = new HashSet<>();
    for (Problem problem : problems.stream().sorted().toList()) {
      // Of several that are the same the worst is told.
      if (problem.severity() != Severity.NOTE && seen.add(problem.key())) {
        present(problem, Optional.ofNullable(known.remove(problem.key())), now, draft);
      }
    }
    for (Entry gone : known.values()) {
      absent(gone, now, draft);
    }
    return draft.news();
  }

  private static final class Draft {
    private final List<Problem> begun = new ArrayList<>();
    private final List<Problem> lasting = new ArrayList<>();
    private final List<Problem> ended = new ArrayList<>();
    private final List<Entry> written = new ArrayList<>();
    private final List<Problem.Key> forgotten = new ArrayList<>();

    News news() {
      return new News(
          begun.stream().sorted().toList(),
          lasting.stream().sorted().toList(),
          ended.stream().sorted().toList(),
          written,
          forgotten);
    }
  }

  private static void present(Problem problem, Optional<Entry> before, Instant now, Draft draft) {
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
      draft.begun.add(dated);
      notified = Optional.of(now);
    } else if (told
        && problem.broken()
        && last.filter(at -> !at.plus(REMINDER).isAfter(now)).isPresent()) {
      draft.lasting.add(dated);
      notified = Optional.of(now);
    }
    Entry after = new Entry(dated, firstSeen, notified, Optional.empty(), Optional.empty());
    if (before.filter(after::equals).isEmpty()) {
      draft.written.add(after);
    }
  }

  private static void absent(Entry gone, Instant now, Draft draft) {
    boolean told = gone.notifiedAt().filter(at -> !at.isBefore(gone.firstSeen())).isPresent();
    if (gone.endToldAt().isPresent()) {
      if (gone.notifiedAt().filter(recent(now)).isEmpty()) {
        draft.forgotten.add(gone.key());
      }
    } else if (gone.notifiedAt().isEmpty()) {
      draft.forgotten.add(gone.key());
    } else if (!told) {
      draft.written.add(ended(gone, now, Optional.of(now)));
    } else if (gone.endedAt().isEmpty()) {
      draft.written.add(ended(gone, now, Optional.empty()));
    } else if (!gone.endedAt().get().plus(GONE).isAfter(now)) {
      draft.ended.add(gone.problem());
      draft.written.add(ended(gone, gone.endedAt().get(), Optional.of(now)));
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
