package io.keepset.retention;

import io.keepset.policy.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of backups, and of those that are yet to be made, if runs go on and are good. Found
 * by walking the runs, a decision after each. Unlike {@link RetentionForecast} it follows the runs
 * to come as well, and looks only so far ahead that two futures of many databases can be compared.
 */
public final class Outlook {
  private final List<Life> lives;
  private final Map<String, Life> byId = new HashMap<>();
  private final Instant reached;

  private Outlook(List<Life> lives, Instant reached) {
    this.lives = lives;
    this.reached = reached;
    lives.forEach(life -> byId.put(life.backup.id(), life));
  }

  /** From when to when a backup is there. */
  private static final class Life {
    private final Backup backup;
    private final Instant made;
    private @Nullable Instant expires;

    private Life(Backup backup, Instant made) {
      this.backup = backup;
      this.made = made;
    }

    private boolean isThere(Instant at) {
      return !made.isAfter(at) && (expires == null || expires.isAfter(at));
    }
  }

  /**
   * @param kept what is there after the sweep of today
   * @param nextRun the first run after an instant, if there is one
   * @param until no run later than this is looked at
   * @param mostRuns nor more than that many
   */
  public static Outlook of(
      Collection<Backup> kept,
      Retention rules,
      ZoneId zone,
      Function<Backup, List<String>> holds,
      Function<Instant, Optional<Instant>> nextRun,
      Instant now,
      Instant until,
      int mostRuns) {
    List<Life> lives = new ArrayList<>();
    Map<String, Life> alive = new HashMap<>();
    List<Candidate> oldestFirst = new ArrayList<>();
    for (Backup backup : kept) {
      Life life = new Life(backup, now);
      lives.add(life);
      alive.put(backup.id(), life);
      oldestFirst.add(Candidate.of(backup, zone));
    }
    oldestFirst.sort(Candidate.NEWEST_FIRST.reversed());
    Instant reached = until;
    Instant at = now;
    for (int run = 0; ; run++) {
      Optional<Instant> next = nextRun.apply(at).filter(time -> !time.isAfter(until));
      if (next.isEmpty()) {
        break;
      }
      if (run == mostRuns) {
        reached = at;
        break;
      }
      at = next.get();
      Backup made = run(run, at);
      Life life = new Life(made, at);
      lives.add(life);
      alive.put(made.id(), life);
      oldestFirst.add(Candidate.of(made, zone));
      oldestFirst = survivors(oldestFirst, rules, zone, at, holds, alive);
    }
    return new Outlook(lives, reached);
  }

  private static List<Candidate> survivors(
      List<Candidate> oldestFirst,
      Retention rules,
      ZoneId zone,
      Instant at,
      Function<Backup, List<String>> holds,
      Map<String, Life> alive) {
    List<Candidate> newestFirst = new ArrayList<>(oldestFirst);
    Collections.reverse(newestFirst);
    boolean[] kept = KeepSet.keeps(newestFirst, rules, zone, at);
    List<Candidate> left = new ArrayList<>(oldestFirst.size());
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      Backup backup = newestFirst.get(i).backup();
      if (kept[i] || !holds.apply(backup).isEmpty()) {
        left.add(newestFirst.get(i));
      } else {
        Life life = alive.get(backup.id());
        if (life != null) {
          life.expires = at;
        }
      }
    }
    return left;
  }

  /** Nothing is known about later. */
  public Instant reached() {
    return reached;
  }

  /** When a backup is no longer kept; empty if it outlasts what was looked at. */
  public Optional<Instant> expires(String id) {
    Life life = byId.get(id);
    return life == null ? Optional.empty() : Optional.ofNullable(life.expires);
  }

  /**
   * True if, all the time between two instants, something is there that shows the data no further
   * away from a point in time than this.
   */
  public boolean covers(Instant point, Duration distance, Instant from, Instant to) {
    Instant at = from;
    while (at.isBefore(to)) {
      Instant covered = at;
      for (Life life : lives) {
        if (life.isThere(at)
            && Duration.between(life.backup.time(), point).abs().compareTo(distance) <= 0) {
          Instant end = life.expires == null ? to : life.expires;
          covered = end.isAfter(covered) ? end : covered;
        }
      }
      if (!covered.isAfter(at)) {
        return false;
      }
      at = covered;
    }
    return true;
  }

  /** A good scheduled run that is yet to come. */
  private static Backup run(int number, Instant at) {
    return Backups.scheduled("run " + number, "", at, OptionalLong.empty());
  }
}
