package io.keepset.app.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Durations;
import io.keepset.policy.Protection;
import io.keepset.policy.Sizes;
import io.keepset.runner.Leases;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WalReceiver;
import io.keepset.spi.wal.WriteAheadLog;
import io.keepset.wal.Bases;
import io.keepset.wal.WalArchive;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log of one database coming: on one node of all, as a lease says. A receiver writes into
 * the spool; what is finished goes to the store at once, and what the open segment holds once a
 * minute. A receiver that ends is started again. It is told what the archive has, not what came off
 * the wire: whoever dies here dies with nothing that somebody took for safe.
 *
 * <p>One thread.
 */
final class WalKeeper implements AutoCloseable {
  private static final Duration PROBE = Duration.ofSeconds(15);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration OPEN_EVERY = Duration.ofMinutes(1);
  private static final long SPOOL_LIMIT = 8L << 30;
  private static final long LEFT_FREE = 256L << 20;

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;
  private final WalArchive archive;
  private final Spool spool;
  private final String database;
  private final Progress progress;
  private Leases.@Nullable Lease lease;
  private @Nullable WalReceiver receiver;
  private @Nullable WalPosition position;
  private @Nullable Source source;
  private @Nullable WriteAheadLog log;
  private boolean storeFails;
  private Duration pause = SHORTEST_PAUSE;
  private Instant notBefore = Instant.EPOCH;
  private Instant probed = Instant.EPOCH;
  private Instant openArchived = Instant.EPOCH;
  private Optional<WalFile> newest = Optional.empty();

  WalKeeper(RunnerPorts ports, WalCatalogue catalogue, Spool spool, String database) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.archive = new WalArchive(ports, catalogue);
    this.spool = spool;
    this.database = database;
    this.progress = new Progress(catalogue, database);
  }

  /** Whether somebody has to receive for this protection. */
  static boolean wanted(RunnerPorts ports, Protection protection) {
    boolean off =
        protection
            .suspension()
            .filter(s -> s.disabled())
            .filter(
                s ->
                    s.holdsOn(
                        java.time.LocalDate.ofInstant(ports.clock().instant(), protection.zone())))
            .isPresent();
    return protection.pointInTime().isPresent() && !off && protection.store().isPresent();
  }

  /** Name of our slot on the server. */
  static String slot(String database) {
    String name = database.replaceAll("[^a-z0-9]", "_");
    return "keepset_" + (name.length() > 50 ? name.substring(0, 50) : name);
  }

  /** One turn; what goes wrong is written down, and the next turn tries again. */
  void turn() {
    try {
      Protection protection = ports.protection(database);
      if (!held()) {
        return;
      }
      source = ports.source(protection);
      log =
          ports
              .engine(protection.engine())
              .writeAheadLog()
              .orElseThrow(
                  () -> new DriverException(Kind.REJECTED, protection.engine() + " has no log"));
      work(protection, source, log);
    } catch (DriverException | IOException e) {
      progress.failed(ports.clock().instant(), String.valueOf(e.getMessage()));
    }
  }

  private boolean held() {
    if (lease != null && lease.held()) {
      return true;
    }
    close();
    lease = ports.leases().tryAcquire("wal/" + database).orElse(null);
    return lease != null;
  }

  private void work(Protection protection, Source from, WriteAheadLog wal)
      throws DriverException, IOException {
    Instant now = ports.clock().instant();
    boolean pushes = protection.options().get("wal").equals(Optional.of("push"));
    boolean due = Duration.between(probed, now).compareTo(PROBE) >= 0;
    if (position == null) {
      if (now.isBefore(notBefore)) {
        return;
      }
      notBefore = now.plus(PROBE);
    }
    WalPosition there = position;
    if (there == null || due) {
      there = wal.position(from, slot(database));
      position = there;
      probed = now;
    }
    String store = protection.store().orElseThrow();
    Path directory = spool.directory(database, there.systemId());
    if (!pushes) {
      Exception failure = tryArchive(wal, store, directory);
      storeFails = failure != null;
      // Above all while the store fails: the spool must not fill the disk.
      receive(protection, from, wal, there, directory, now);
      rethrow(failure);
      archiveOpen(wal, store, directory, protection, now);
    }
    if (due) {
      new Bases(ports, catalogue).of(database);
    }
    if (due || progress.moved()) {
      newest = newest(there, true);
    }
    progress.note(there, pushes || (receiver != null && receiver.alive()), now, newest);
  }

  /**
   * How far the archive goes.
   *
   * @param own whether only the server's timeline counts: another one may have gone further, as
   *     before a restore in place, and says nothing about this one
   */
  private Optional<WalFile> newest(WalPosition there, boolean own) {
    return catalogue.files(database).stream()
        .filter(f -> f.systemId().equals(there.systemId()) && f.scan().isPresent())
        .filter(f -> !own || f.timeline() == there.timeline())
        .max(Comparator.comparing(f -> f.scan().orElseThrow().end()));
  }

  private @Nullable Exception tryArchive(WriteAheadLog wal, String store, Path directory) {
    try {
      archiveFinished(wal, store, directory);
      return null;
    } catch (DriverException | IOException e) {
      return e;
    }
  }

  private static void rethrow(@Nullable Exception failure) throws DriverException, IOException {
    if (failure instanceof DriverException refused) {
      throw refused;
    }
    if (failure instanceof IOException broken) {
      throw broken;
    }
  }

  private void archiveFinished(WriteAheadLog wal, String store, Path directory)
      throws DriverException, IOException {
    List<Path> finished = Spool.finished(directory);
    Path last = null;
    for (Path file : finished) {
      String name = file.getFileName().toString();
      String systemId = directory.getFileName().toString();
      boolean there = catalogue.find(database, systemId, name).filter(WalFile::full).isPresent();
      if (!there) {
        archive.put(database, wal, store, name, file, false);
        progress.archived();
      }
      if (SegmentName.parse(name).isPresent()) {
        // The newest stays: a receiver goes on behind it.
        Spool.remove(last);
        last = file;
      }
    }
  }

  private void archiveOpen(
      WriteAheadLog wal, String store, Path directory, Protection protection, Instant now)
      throws DriverException, IOException {
    Duration every =
        protection.options().get("wal_interval").flatMap(Durations::parse).orElse(OPEN_EVERY);
    Optional<Path> open = Spool.open(directory);
    if (open.isEmpty() || Duration.between(openArchived, now).compareTo(every) < 0) {
      return;
    }
    openArchived = now;
    Path taken = spool.temporary(database);
    try {
      Files.copy(open.get(), taken, StandardCopyOption.REPLACE_EXISTING);
      archive.put(database, wal, store, Spool.segment(open.get()), taken, true);
      progress.archived();
    } catch (java.nio.file.NoSuchFileException e) {
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

  private void receive(
      Protection protection,
      Source from,
      WriteAheadLog wal,
      WalPosition there,
      Path directory,
      Instant now)
      throws DriverException, IOException {
    WalReceiver running = receiver;
    if (running != null && running.alive()) {
      if (guard(directory)) {
        pause = SHORTEST_PAUSE;
        if (!storeFails) {
          progress.well(now);
        }
      } else {
        stop();
      }
      return;
    }
    if (running != null) {
      String why = running.failure().orElse("the receiver ended");
      running.close();
      receiver = null;
      boolean forked = why.contains("is not in this server's history");
      if (forked) {
        why += "; the server went another way, as after a restore: make a base backup of it now";
      }
      progress.failed(now, why);
      notBefore = now.plus(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
      ports.journal().tell(Severity.WARNING, database, "receiving its log ended: " + why);
      boolean lost =
          why.contains("has already been removed") || why.contains("can no longer get changes");
      if (lost || forked) {
        // What is missing is lost; from here on a new stretch begins, and the gap shows.
        emptySpool(protection, wal, directory, now);
        if (lost) {
          wal.release(from, slot(database));
        }
        progress.restarts();
      }
      return;
    }
    if (now.isBefore(notBefore) || !guard(directory)) {
      return;
    }
    Orphans.end(spool.of(database));
    if (!progress.restarting()) {
      newest(there, true)
          .or(() -> newest(there, false))
          .filter(WalFile::full)
          .ifPresent(file -> goOnBehind(directory, file, there.segmentSize()));
    }
    WalReceiver started = wal.receive(from, directory, slot(database));
    receiver = started;
    Orphans.remember(spool.of(database), started.pid());
    ports.journal().tell(Severity.NOTE, database, "its log is being received");
  }

  /**
   * What was received goes to the store first; if that fails the next end of a receiver retries.
   */
  private void emptySpool(Protection protection, WriteAheadLog wal, Path directory, Instant now)
      throws DriverException, IOException {
    String store = protection.store().orElseThrow();
    archiveFinished(wal, store, directory);
    openArchived = Instant.EPOCH;
    archiveOpen(wal, store, directory, protection, now);
    String systemId = directory.getFileName().toString();
    for (Path file : Spool.finished(directory)) {
      String name = file.getFileName().toString();
      if (catalogue.find(database, systemId, name).filter(WalFile::full).isPresent()) {
        Spool.remove(file);
      }
    }
    // It is archived now, or holds no record at all.
    Spool.open(directory).ifPresent(Spool::remove);
  }

  private static void goOnBehind(Path directory, WalFile file, int segmentSize) {
    try {
      Spool.goOnBehind(directory, file.name(), segmentSize);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Whether the spool may grow; the server keeps the log meanwhile, as long as it may. */
  private boolean guard(Path directory) throws IOException {
    long limit =
        source == null
            ? SPOOL_LIMIT
            : source
                .options()
                .get("wal_spool")
                .map(size -> Sizes.parse(size).orElse(SPOOL_LIMIT))
                .orElse(SPOOL_LIMIT);
    long waiting = 0;
    String systemId = directory.getFileName().toString();
    for (Path file : Spool.finished(directory)) {
      if (catalogue.find(database, systemId, file.getFileName().toString()).isEmpty()) {
        waiting += Files.size(file);
      }
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (waiting > limit || free < LEFT_FREE) {
      progress.failed(
          ports.clock().instant(),
          waiting > limit
              ? "the log that waits for its store fills the spool "
                  + directory
                  + "; the store does not take it"
              : "the disk of the spool " + directory + " is full");
      return false;
    }
    return true;
  }

  /** Ends receiving for good: the server keeps nothing for us any more. */
  void release() {
    WriteAheadLog wal = log;
    Source from = source;
    stop();
    if (wal != null && from != null && lease != null) {
      try {
        wal.release(from, slot(database));
        catalogue.removeStatus(database);
        ports.journal().tell(Severity.NOTE, database, "its log is no longer received");
      } catch (DriverException e) {
        ports
            .journal()
            .tell(
                Severity.WARNING,
                database,
                "the server still keeps its log for us; drop the slot by hand: SELECT"
                    + " pg_drop_replication_slot('"
                    + slot(database)
                    + "'). "
                    + e.getMessage());
      }
    }
    close();
  }

  private void stop() {
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
  }

  /** Ends receiving here; another node, or the next start, goes on. */
  @Override
  public void close() {
    stop();
    position = null;
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
