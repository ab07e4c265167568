package io.keepset.app.wal;

import io.keepset.policy.Durations;
import io.keepset.policy.Sizes;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.wal.WalArchive;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Brings what was received from the spool into the store: finished files at once, the open segment
 * from time to time.
 */
final class Outbox {
  private static final Duration OPEN_EVERY = Duration.ofMinutes(1);
  private static final long SPOOL_LIMIT = 8L << 30;
  private static final long LEFT_FREE = 256L << 20;

  private final WalCatalogue catalogue;
  private final WalArchive archive;
  private final Spool spool;
  private final Progress progress;
  private Instant openArchived = Instant.EPOCH;

  Outbox(WalCatalogue catalogue, WalArchive archive, Spool spool, Progress progress) {
    this.catalogue = catalogue;
    this.archive = archive;
    this.spool = spool;
    this.progress = progress;
  }

  /** Finished segments and histories; of the segments the newest stays in the spool. */
  void finished(Turn turn) throws DriverException, IOException {
    Path last = null;
    for (Path file : Spool.finished(turn.directory())) {
      String name = file.getFileName().toString();
      if (!isArchived(turn, name)) {
        put(turn, name, file, false);
      }
      if (SegmentName.parse(name).isPresent()) {
        // The newest stays: a receiver goes on behind it.
        Spool.remove(last);
        last = file;
      }
    }
  }

  private void put(Turn turn, String name, Path file, boolean open) throws DriverException {
    archive.put(turn.database(), turn.systemId(), turn.log(), turn.store(), name, file, open);
    progress.archived();
  }

  private boolean isArchived(Turn turn, String name) {
    return catalogue
        .find(turn.database(), turn.systemId(), name)
        .filter(file -> file.scan().isPresent() ? file.full() : file.history().isPresent())
        .isPresent();
  }

  /** What the open segment holds by now, if that is due. */
  void open(Turn turn) throws DriverException, IOException {
    Duration every =
        turn.protection()
            .options()
            .get("wal_interval")
            .flatMap(Durations::parse)
            .orElse(OPEN_EVERY);
    if (Duration.between(openArchived, turn.now()).compareTo(every) >= 0) {
      openNow(turn);
    }
  }

  private void openNow(Turn turn) throws DriverException, IOException {
    openArchived = turn.now();
    List<Path> open = Spool.open(turn.directory());
    for (Path file : open) {
      copy(turn, file);
      if (!file.equals(open.get(open.size() - 1))) {
        Spool.remove(file); // of a timeline that the server has left
      }
    }
  }

  private void copy(Turn turn, Path open) throws DriverException, IOException {
    Path taken = spool.temporary(turn.database());
    try {
      Files.copy(open, taken, StandardCopyOption.REPLACE_EXISTING);
      put(turn, Spool.segment(open), taken, true);
    } catch (NoSuchFileException e) {
      // It was finished just now.
    } catch (DriverException e) {
      if (e.kind() != Kind.DAMAGED) {
        throw e;
      }
      // Nothing of it was received yet.
    } finally {
      Spool.remove(taken);
    }
  }

  /** Everything; then nothing is left that a receiver would go on behind. */
  void empty(Turn turn) throws DriverException, IOException {
    finished(turn);
    openNow(turn);
    for (Path file : Spool.finished(turn.directory())) {
      if (isArchived(turn, file.getFileName().toString())) {
        Spool.remove(file);
      }
    }
    // They are archived now, or hold no record at all.
    Spool.open(turn.directory()).forEach(Spool::remove);
  }

  /** Why the spool may not grow; the server keeps the log meanwhile, as long as it may. */
  Optional<String> full(Turn turn) throws IOException {
    long limit =
        turn.source()
            .options()
            .get("wal_spool")
            .map(size -> Sizes.parse(size).orElse(SPOOL_LIMIT))
            .orElse(SPOOL_LIMIT);
    long waiting = 0;
    for (Path file : Spool.finished(turn.directory())) {
      if (!isArchived(turn, file.getFileName().toString())) {
        waiting += Files.size(file);
      }
    }
    if (waiting > limit) {
      return Optional.of(
          "the log that waits for its store fills the spool "
              + turn.directory()
              + "; the store does not take it");
    }
    return Files.getFileStore(turn.directory()).getUsableSpace() < LEFT_FREE
        ? Optional.of("the disk of the spool " + turn.directory() + " is full")
        : Optional.empty();
  }

  /** Whether it is known how the server's timeline came about; its first needs no telling. */
  boolean knowsWay(Turn turn) {
    int timeline = turn.there().timeline();
    return timeline <= 1 || isArchived(turn, TimelineHistory.name(timeline));
  }

  /** Asks the server how its timeline came about. */
  void learnWay(Turn turn) throws DriverException, IOException {
    int timeline = turn.there().timeline();
    Path taken = spool.temporary(turn.database());
    try {
      Files.writeString(taken, turn.log().history(turn.source(), timeline));
      put(turn, TimelineHistory.name(timeline), taken, false);
    } finally {
      Spool.remove(taken);
    }
  }

  /** The newest full segment on the server's way; behind it a receiver can go on. */
  Optional<WalFile> last(Turn turn) {
    int timeline = turn.there().timeline();
    TimelineHistory way =
        catalogue
            .find(turn.database(), turn.systemId(), TimelineHistory.name(timeline))
            .flatMap(WalFile::history)
            .orElse(TimelineHistory.alone(timeline));
    return catalogue.files(turn.database()).stream()
        .filter(file -> file.systemId().equals(turn.systemId()))
        .filter(file -> file.scan().isPresent() && file.full())
        .filter(file -> way.holds(file.timeline(), file.scan().orElseThrow().end()))
        .max(Comparator.comparing(file -> file.scan().orElseThrow().end()));
  }
}
