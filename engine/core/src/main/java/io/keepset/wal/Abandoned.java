package io.keepset.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WalTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a server wrote on a timeline after that was left: the tail that a failover or a restore in
 * place cut off. It can't be replayed on the way to now, and a time at which the server was there
 * must not quietly give what came of it without that tail.
 */
final class Abandoned {
  private final RecoveryWindow window;
  private final Rereading rereading;
  private final List<WalFile> tails = new ArrayList<>();

  /** Reads a segment again. */
  @FunctionalInterface
  interface Rereading {
    /** Its commits and rollbacks at or behind a position. */
    WalScan scan(WalFile file, long from) throws DriverException;
  }

  /**
   * @param files all of the database's log
   */
  Abandoned(RecoveryWindow window, Collection<WalFile> files, Rereading rereading) {
    this.window = window;
    this.rereading = rereading;
    String system = window.files().get(0).systemId();
    for (WalFile file : files) {
      if (file.scan().isPresent()
          && file.systemId().equals(system)
          && isLeft(file.timeline())
          && !window.history().holds(file.timeline(), file.scan().get().end())) {
        tails.add(file);
      }
    }
  }

  private boolean isLeft(int timeline) {
    return window.history().left(timeline).isPresent();
  }

  /** Why a target that the window seems to hold is not what was there; empty if it is. */
  Optional<String> inside(WalTarget target) throws DriverException {
    if (!(target instanceof WalTarget.Time time)) {
      return Optional.empty(); // a position or a name of the window is on its way
    }
    for (TimelineHistory.Fork fork : window.history().forks()) {
      Optional<WalScan.Opening> next = next(fork);
      if (next.isEmpty() || !time.at().isBefore(next.get().at())) {
        continue;
      }
      // Cheap first: nothing that was lost can be older than the last that was not.
      boolean perhaps =
          time.at().isAfter(lastOnTheWay(fork, next.get())) && !tailOf(fork).isEmpty();
      Optional<Instant> lost = perhaps ? firstLost(fork) : Optional.empty();
      if (lost.isPresent() && !lost.get().isAfter(time.at())) {
        return Optional.of(
            "at that time the server was on timeline "
                + fork.timeline()
                + ", and what it committed there from "
                + lost.get()
                + " on was left behind at "
                + Lsn.format(fork.lsn())
                + ", when it went another way at "
                + next.get().at()
                + ": ask for a time before or after that");
      }
    }
    return Optional.empty();
  }

  /** Whether a target that is in no window lies on a tail; empty if not. */
  Optional<String> outside(WalTarget target) {
    for (WalFile file : tails) {
      WalScan scan = file.scan().orElseThrow();
      long left = window.history().left(file.timeline()).orElseThrow();
      boolean there =
          (target instanceof WalTarget.Name name
                  && scan.marks().getOrDefault(name.name(), 0L) >= left)
              || (target instanceof WalTarget.Position position
                  && position.lsn() >= Math.max(left, scan.start())
                  && position.lsn() < scan.end());
      if (there && left > 0) {
        return Optional.of(
            "it lies on timeline "
                + file.timeline()
                + " behind "
                + Lsn.format(left)
                + ", where the server left that timeline; what came after is not on the way to"
                + " timeline "
                + window.history().timeline());
      }
    }
    return Optional.empty();
  }

  /** Where the timeline after a fork begins. */
  private Optional<WalScan.Opening> next(TimelineHistory.Fork fork) {
    return window.files().stream()
        .filter(file -> file.timeline() > fork.timeline())
        .flatMap(file -> file.scan().stream())
        .filter(scan -> scan.end() > fork.lsn())
        .findFirst()
        .flatMap(WalScan::opening);
  }

  private Instant lastOnTheWay(TimelineHistory.Fork fork, WalScan.Opening next) {
    return next.lastBefore()
        .or(
            () ->
                window.files().stream()
                    .flatMap(file -> file.scan().stream())
                    .filter(scan -> scan.end() <= fork.lsn())
                    .flatMap(scan -> scan.lastCommit().stream())
                    .max(Instant::compareTo))
        .orElse(window.from());
  }

  private List<WalFile> tailOf(TimelineHistory.Fork fork) {
    return tails.stream().filter(file -> file.timeline() == fork.timeline()).toList();
  }

  /** Time of the earliest commit or rollback on the tail. */
  private Optional<Instant> firstLost(TimelineHistory.Fork fork) throws DriverException {
    Optional<Instant> first = Optional.empty();
    for (WalFile file : tailOf(fork)) {
      WalScan scan = file.scan().orElseThrow();
      // Of the segment in which the timeline was left only a part is lost.
      WalScan lost = scan.start() < fork.lsn() ? rereading.scan(file, fork.lsn()) : scan;
      Optional<Instant> known = first;
      first =
          lost.firstCommit()
              .filter(at -> known.isEmpty() || at.isBefore(known.get()))
              .or(() -> known);
    }
    return first;
  }
}
