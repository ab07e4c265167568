package io.keepset.wal;

import io.keepset.runner.OpenStore;
import io.keepset.runner.RunnerPorts;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.ArtifactWriter;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.Verdict;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings files of a log into a store and back. In the order: object, what is known of it, entry in
 * the catalogue; so what the catalogue knows is durable and was checked. Every record is checked on
 * the way in.
 */
public final class WalArchive {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public WalArchive(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /**
   * Archives one file. The same file again is success and writes nothing.
   *
   * @param name of the file in the log, whatever it is called on disk
   * @param storeName where it goes
   * @param open whether a segment that is not full is welcome
   * @throws DriverException REJECTED if another file of this name is there, DAMAGED if it is not
   *     whole
   */
  public WalFile put(
      String database, WriteAheadLog log, String storeName, String name, Path file, boolean open)
      throws DriverException {
    return put(database, newestSystem(database), log, storeName, name, file, open);
  }

  /**
   * The same of a known cluster.
   *
   * @param cluster that wrote it; segments name it themselves, histories don't
   */
  public WalFile put(
      String database,
      String cluster,
      WriteAheadLog log,
      String storeName,
      String name,
      Path file,
      boolean open)
      throws DriverException {
    Optional<WalScan> scan = scan(log, name, file, open);
    Optional<TimelineHistory> history = history(name, file);
    String systemId = scan.map(WalScan::systemId).orElse(cluster);
    Optional<WalFile> before = catalogue.find(database, systemId, name);
    boolean understood = before.filter(b -> b.history().equals(history)).isPresent();
    if (before.isPresent() && same(before.get(), scan, file) && understood) {
      return before.get();
    }
    OpenStore store = ports.stores().open(storeName);
    String key =
        scan.map(s -> WalFile.objectKey(database, s, name))
            .orElse(WalFile.folder(database, systemId) + name);
    WalFile archived = write(database, systemId, name, scan, history, store, key, file);
    catalogue.put(archived);
    if (before.isPresent() && !before.get().object().key().equals(key)) {
      removeObjects(before.get());
    }
    return archived;
  }

  private Optional<WalScan> scan(WriteAheadLog log, String name, Path file, boolean open)
      throws DriverException {
    Optional<SegmentName> segment = SegmentName.parse(name);
    if (segment.isEmpty()) {
      return Optional.empty();
    }
    WalScan scan;
    try (InputStream in = Files.newInputStream(file)) {
      scan = log.scan(in);
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't read " + file + ": " + e, e);
    }
    SegmentName own = SegmentName.of(scan.timeline(), scan.start(), scan.segmentSize());
    if (scan.start() != segment.get().start(scan.segmentSize())
        || scan.timeline() > segment.get().timeline()) {
      throw new DriverException(
          Kind.DAMAGED, file + " is called " + name + ", but holds segment " + own);
    }
    if (!open && !scan.full()) {
      throw new DriverException(
          Kind.DAMAGED,
          name + " is not whole: its records end at " + io.keepset.spi.wal.Lsn.format(scan.end()));
    }
    return Optional.of(scan);
  }

  private static Optional<TimelineHistory> history(String name, Path file) throws DriverException {
    Optional<Integer> timeline = TimelineHistory.timeline(name);
    if (timeline.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return Optional.of(TimelineHistory.parse(timeline.get(), text));
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't read " + file + ": " + e, e);
    }
  }

  /** A history names no cluster: it belongs to the one whose log came last. */
  private String newestSystem(String database) {
    List<WalFile> files = catalogue.files(database);
    return files.stream()
        .max(java.util.Comparator.comparing(WalFile::archivedAt))
        .map(WalFile::systemId)
        .orElse("unknown");
  }

  private boolean same(WalFile before, Optional<WalScan> scan, Path file) throws DriverException {
    if (before.full() && scan.isPresent() && !scan.get().full()) {
      return true; // an older state of what is there
    }
    if (!before.full()) {
      return scan.isPresent()
          && !scan.get().full()
          && scan.get().end() <= before.scan().orElseThrow().end();
    }
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
        size += n;
      }
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't read " + file + ": " + e, e);
    }
    String sum = String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    if (size != before.object().plain().size() || !sum.equals(before.object().plain().sum())) {
      throw new DriverException(
          Kind.REJECTED,
          before.name()
              + " is in the archive of "
              + before.database()
              + " already, with other content: two servers write into one archive. Set"
              + " archive_mode = off on the one that is a copy");
    }
    return true;
  }

  private WalFile write(
      String database,
      String systemId,
      String name,
      Optional<WalScan> scan,
      Optional<TimelineHistory> history,
      OpenStore store,
      String key,
      Path file)
      throws DriverException {
    ArtifactWriter.Written written;
    try (InputStream in = Files.newInputStream(file);
        StoreWriter writer = store.store().create(key)) {
      written =
          new ArtifactWriter(store.keys())
              .write(in, writer, key, plain -> drained(plain), Progress.NONE);
      writer.commit();
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "archiving " + name);
    }
    ArtifactReader.checkStored(written.object(), store.store(), Progress.NONE);
    WalFile archived =
        new WalFile(
            database,
            systemId,
            name,
            scan,
            history,
            store.name(),
            written.object(),
            ports.now(),
            Optional.empty(),
            Optional.empty());
    String manifest = WalFile.manifestKey(key);
    try (StoreWriter writer = store.store().create(manifest)) {
      writer.stream().write(WalCodec.encode(archived).getBytes(StandardCharsets.UTF_8));
      writer.commit();
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "writing " + manifest);
    }
    return archived;
  }

  /** It was judged before it was sealed; what is left to see is that it opens. */
  private static Verdict drained(InputStream plain) throws DriverException {
    try {
      plain.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "opening what was sealed");
    }
    return Verdict.good(new ArtifactFacts("wal", new TreeMap<>()), List.of());
  }

  /**
   * Brings a file back.
   *
   * @param systemId of the cluster; empty means the one whose log came last
   * @throws DriverException NOT_FOUND if it is not in the archive, DAMAGED if it is not whole; then
   *     what was written to the stream is not to be used
   */
  public WalFile fetch(String database, Optional<String> systemId, String name, OutputStream to)
      throws DriverException {
    if (catalogue.files(database).isEmpty()) {
      // A server that hears "not found" takes the log for ended.
      throw new DriverException(
          Kind.REJECTED, "there is no log of " + database + "; is that the database's name?");
    }
    String cluster = systemId.orElseGet(() -> newestSystem(database));
    WalFile file =
        catalogue
            .find(database, cluster, name)
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.NOT_FOUND, name + " is not in the archive of " + database));
    OpenStore store = ports.stores().open(file.store());
    try (ArtifactStream in =
        new ArtifactReader(store.keys()).open(file.object(), store.store(), Progress.NONE)) {
      in.transferTo(to);
      to.flush();
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "fetching " + name + " of " + database);
    }
    return file;
  }

  /** Reads a segment again, for its commits and rollbacks at or behind a position. */
  WalScan scan(WalFile file, WriteAheadLog log, long from) throws DriverException {
    OpenStore store = ports.stores().open(file.store());
    try (ArtifactStream in =
        new ArtifactReader(store.keys()).open(file.object(), store.store(), Progress.NONE)) {
      return log.scan(in, from);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + file.name() + " of " + file.database());
    }
  }

  /**
   * Deletes for good what was read before: what is known of it first, so that nobody takes the rest
   * for whole.
   *
   * @return false if it is not what was read any more; what took its place stays
   */
  boolean delete(WalFile read) throws DriverException {
    if (catalogue
        .find(read.database(), read.systemId(), read.name())
        .filter(read::equals)
        .isEmpty()) {
      return false;
    }
    removeObjects(read);
    return catalogue.remove(read);
  }

  private void removeObjects(WalFile file) throws DriverException {
    OpenStore store = ports.stores().open(file.store());
    store.store().delete(WalFile.manifestKey(file.object().key()));
    store.store().delete(file.object().key());
  }
}
