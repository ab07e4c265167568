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

  private final WalCatalogue catalogue;
  private final String database;
  private @Nullable String error;
  private @Nullable Instant errorSince;
  private @Nullable WalPosition seen;
  private @Nullable WalPosition waitingFor;
  private @Nullable Instant behindSince;
  private Optional<Instant> covered = Optional.empty();
  private Instant written = Instant.EPOCH;
  private boolean changed;
  private boolean restarting;

  Progress(WalCatalogue catalogue, String database) {
    this.catalogue = catalogue;
    this.database = database;
    this.covered = catalogue.status(database).flatMap(WalStatus::coveredUntil);
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
    if (seen == null || there.at().isAfter(seen.at())) {
      seen = there;
      // The oldest question that is still open is answered first.
      waitingFor = waitingFor == null ? there : waitingFor;
    }
    WalPosition open = waitingFor;
    if (open != null && archived >= open.written()) {
      covered = later(covered, open.at());
      waitingFor = null;
      changed = true;
    }
    if (archived >= there.written()) {
      covered = later(covered, there.at());
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

  private static Optional<Instant> later(Optional<Instant> one, Instant other) {
    return one.isPresent() && one.get().isAfter(other) ? one : Optional.of(other);
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
            there == null ? Optional.empty() : there.archiverFailure()));
    written = now;
    changed = false;
  }
}
