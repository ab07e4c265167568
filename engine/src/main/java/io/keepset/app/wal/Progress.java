package io.keepset.app.wal;

import io.keepset.spi.wal.WalPosition;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalFile;
import io.keepset.wal.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a keeper knows of how it fares, written down where the watch finds it. */
final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(15);

  /** As late may a server under load be that ought to finish a segment. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final WalCatalogue catalogue;
  private final String database;
  private @Nullable String error;
  private @Nullable Instant errorSince;
  private @Nullable WalPosition seen;
  private @Nullable WalPosition waitingFor;

  /** Since when nothing was committed: the earliest that says so. */
  private @Nullable WalPosition restingSince;

  private @Nullable Instant behindSince;
  private Optional<WalStatus.Covered> covered;
  private Optional<WalStatus.Kept> kept;
  private Instant written = Instant.EPOCH;
  private boolean changed;
  private boolean restarting;

  Progress(WalCatalogue catalogue, String database) {
    this.catalogue = catalogue;
    this.database = database;
    Optional<WalStatus> before = catalogue.status(database);
    this.covered = before.flatMap(WalStatus::covered);
    this.kept = before.flatMap(WalStatus::kept);
  }

  void failed(Instant now, String why) {
    if (errorSince == null) {
      errorSince = now;
    }
    changed |= !why.equals(error);
    error = why;
    write(now, false, 0);
  }

  void well(Instant now) {
    changed |= error != null;
    error = null;
    errorSince = null;
    restarting = false;
  }

  void archived() {
    changed = true;
  }

  /** What the server keeps its log for us by. */
  void kept(Optional<WalStatus.Kept> now) {
    changed |= !kept.equals(now);
    kept = now;
  }

  /** Whether something was archived that is not written down yet. */
  boolean moved() {
    return changed;
  }

  /** What was received so far has nothing to do with what comes next. */
  void restarts() {
    restarting = true;
  }

  boolean restarting() {
    return restarting;
  }

  /**
   * @param there where the server's log stands
   * @param newest the newest of the archive
   */
  void note(WalPosition there, boolean receiving, Instant now, Optional<WalFile> newest) {
    long archived = newest.flatMap(WalFile::scan).map(scan -> scan.end()).orElse(0L);
    if (waitingFor != null && !isSameLog(waitingFor, there)) {
      waitingFor = null; // nobody writes there any more
    }
    if (seen == null || there.at().isAfter(seen.at())) {
      seen = there;
      // The oldest question that is still open is answered first.
      waitingFor = waitingFor == null ? there : waitingFor;
    }
    WalPosition open = waitingFor;
    if (open != null && archived >= open.written()) {
      covered(open);
      waitingFor = null;
      changed = true;
    }
    if (!isQuietSince(restingSince, there)) {
      restingSince = there;
    }
    // What a server at rest writes is its own housekeeping; one that pushes finishes no segment
    // for that.
    WalPosition resting = restingSince;
    if (archived >= there.written()
        || (resting != null
            && (archived >= resting.written() || isSwitched(resting, there, archived)))) {
      covered(there);
      behindSince = null;
    } else if (behindSince == null) {
      behindSince = now;
    } else if (open != null && waitingFor == null) {
      behindSince = open.at();
    }
    if (receiving && error != null && errorSince == null) {
      error = null;
    }
    write(now, receiving, Math.max(0, there.written() - archived));
  }

  /** Whether nothing was committed between. */
  private static boolean isQuietSince(@Nullable WalPosition before, WalPosition there) {
    return before != null
        && isSameLog(before, there)
        && before.quiet().isPresent()
        && before.quiet().equals(there.quiet());
  }

  /**
   * Whether the segment that is being written can hold nothing that was committed: it would have
   * been finished long ago. The server finishes one after {@code archive_timeout} if anything but
   * its own housekeeping is in it, and looks that often.
   *
   * @param archived where the archive ends: at the beginning of that segment
   */
  private static boolean isSwitched(WalPosition resting, WalPosition there, long archived) {
    int size = there.segmentSize();
    return there.switchesWithin().isPresent()
        && there.archiverFailure().isEmpty()
        && archived % size == 0
        && archived / size == there.written() / size
        && there
            .at()
            .isAfter(resting.at().plus(there.switchesWithin().get().multipliedBy(2)).plus(LATE));
  }

  private static boolean isSameLog(WalPosition one, WalPosition other) {
    return one.systemId().equals(other.systemId()) && one.timeline() == other.timeline();
  }

  private void covered(WalPosition by) {
    boolean later =
        covered
            .filter(c -> c.systemId().equals(by.systemId()) && c.timeline() == by.timeline())
            .filter(c -> c.until().isAfter(by.at()))
            .isPresent();
    if (!later) {
      covered = Optional.of(new WalStatus.Covered(by.at(), by.systemId(), by.timeline()));
    }
  }

  private void write(Instant now, boolean receiving, long behind) {
    if (!changed && Duration.between(written, now).compareTo(EVERY) < 0) {
      return;
    }
    WalPosition there = seen;
    catalogue.put(
        new WalStatus(
            database,
            now,
            receiving,
            Optional.ofNullable(error),
            Optional.ofNullable(errorSince),
            there == null ? Optional.empty() : there.slot(),
            there == null ? OptionalLong.empty() : there.left(),
            there != null && there.limited(),
            covered,
            behind,
            Optional.ofNullable(behindSince),
            there == null ? Optional.empty() : there.archiverFailure(),
            kept));
    written = now;
    changed = false;
  }
}
