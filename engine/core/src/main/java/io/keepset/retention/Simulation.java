package io.keepset.retention;

import io.keepset.policy.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a retention makes of a history: decided at once, or lived through run by run with expiry,
 * grace and deletion, as the runner does it.
 *
 * @param grace from expiry to deletion
 */
public record Simulation(Retention rules, ZoneId zone, Duration grace) {
  /** A walk that would take longer than a few seconds is given up. */
  private static final long MOST_JUDGED = 30_000_000;

  private static final Comparator<Backup> BY_TIME =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  /** The walk keeps so many backups over so many runs that it would not end soon. */
  public static final class TooLong extends Exception {
    private static final long serialVersionUID = 1L;

    private TooLong(int backups) {
      super("with about " + backups + " backups kept at once there is too much to live through");
    }
  }

  /** The decision on all of them now; nothing expires before it is asked for. */
  public Simulated decide(Collection<Backup> history, Instant now) {
    return simulated(history, now);
  }

  /**
   * Lives through the time until a day: each run to come is followed by a pass of expiry, and each
   * end of a grace too.
   *
   * @param there what there is at the beginning; a first pass is made over it
   * @param coming runs to come, in order of time; those after the end do not happen
   */
  public Simulated live(Collection<Backup> there, List<Backup> coming, Instant begin, Instant until)
      throws TooLong {
    Life life = new Life(there);
    if (!there.isEmpty()) {
      life.pass(begin);
    }
    for (Backup run : coming) {
      if (run.time().isAfter(until)) {
        break;
      }
      life.graceEnds(run.time(), false);
      life.present.add(run);
      life.pass(run.time());
    }
    life.graceEnds(until, true);
    List<Backup> all = new ArrayList<>(life.present);
    all.addAll(life.past);
    return simulated(all, until);
  }

  private Simulated simulated(Collection<Backup> all, Instant at) {
    KeepSet set = KeepSet.decide(all, rules, zone, at, KeepSet::noHolds);
    Map<String, Decision> byId = new HashMap<>();
    set.decisions().forEach(d -> byId.put(d.backup().id(), d));
    return new Simulated(
        at,
        all.stream()
            .sorted(BY_TIME)
            .map(b -> byId.getOrDefault(b.id(), new Decision(b, List.of())))
            .toList(),
        set.frozen());
  }

  /** The backups of one database while time goes by. */
  private final class Life {
    /** Whatever can still matter to a decision. */
    final List<Backup> present = new ArrayList<>();

    final List<Backup> past = new ArrayList<>();
    private long judged;

    Life(Collection<Backup> there) {
      for (Backup backup : there) {
        (backup.state() == BackupState.DELETED ? past : present).add(backup);
      }
      present.sort(BY_TIME);
    }

    /** One pass of expiry, in the runner's order: expire, take back, delete. */
    void pass(Instant now) throws TooLong {
      judged += present.size();
      if (judged > MOST_JUDGED) {
        throw new TooLong(present.size());
      }
      Sweep sweep = Sweep.of(present, rules, zone, now, KeepSet::noHolds);
      Map<String, Backup> changed = new HashMap<>();
      Optional<Instant> end = Optional.of(now.plus(grace));
      for (Backup b : sweep.expiring()) {
        changed.put(b.id(), b.in(BackupState.EXPIRED, Optional.of(now), end));
      }
      sweep.returning().forEach(d -> changed.put(d.backup().id(), d.backup()));
      present.replaceAll(b -> changed.getOrDefault(b.id(), b));
      if (sweep.frozen().isEmpty()) {
        present.removeIf(
            b -> {
              boolean over =
                  inGrace(b) && b.deleteAfter().filter(at -> !at.isAfter(now)).isPresent();
              if (over) {
                past.add(b.in(BackupState.DELETED, b.expiredAt(), b.deleteAfter()));
              }
              return over;
            });
      }
      forgetOldFailures();
    }

    /** A pass at each end of a grace before a moment, and at the moment itself if wanted. */
    void graceEnds(Instant before, boolean included) throws TooLong {
      while (true) {
        Optional<Instant> next =
            present.stream()
                .filter(Life::inGrace)
                .flatMap(b -> b.deleteAfter().stream())
                .filter(at -> at.isBefore(before) || (included && at.equals(before)))
                .min(Comparator.naturalOrder());
        if (next.isEmpty()) {
          return;
        }
        int was = past.size();
        pass(next.get());
        if (past.size() == was) {
          return; // frozen: until the next run nothing is deleted
        }
      }
    }

    /** Only the newest run can freeze: the newest failure of each kind is enough to know. */
    private void forgetOldFailures() {
      Set<BackupKind> newer = EnumSet.noneOf(BackupKind.class);
      for (int i = present.size() - 1; i >= 0; i--) {
        Backup backup = present.get(i);
        if (backup.state() == BackupState.FAILED && !newer.add(backup.kind())) {
          past.add(present.remove(i));
        }
      }
    }

    private static boolean inGrace(Backup backup) {
      return backup.state() == BackupState.EXPIRED;
    }
  }
}
