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
 *
 * <p>A lease lets one keeper work, but a lease can be lost unnoticed (a machine that stood still),
 * and a server that pushes asks for no lease. So an entry takes the place of just the one that was
 * read before, and who was slower looks again: an older state never comes in the place of a newer,
 * and nobody's objects are removed but his own and those that he replaced. Of a whole segment both
 * write one object, with the same plain bytes but sealed apart; the slower one sees to it that the
 * entry is that of the object that is there.
 */
public final class WalArchive {
  private static final int ATTEMPTS = 5;

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
    Incoming incoming = Incoming.read(log, name, file, open);
    String systemId = incoming.scan().map(WalScan::systemId).orElse(cluster);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<WalFile> before = catalogue.find(database, systemId, name);
      if (before.isPresent()
          && incoming.isIn(before.get())
          && (attempt == 0 || !incoming.whole() || isStored(before.get()))) {
        return before.get();
      }
      WalFile archived = write(database, systemId, incoming, ports.stores().open(storeName));
      if (enter(before, archived)) {
        return archived;
      }
    }
    throw new DriverException(
        Kind.TRANSIENT,
        name + " of " + database + " is being archived by somebody else; try again");
  }

  /**
   * Puts what was written into the catalogue, and removes what nothing names any more.
   *
   * @return false if somebody else was faster: then it is to be looked at again
   */
  private boolean enter(Optional<WalFile> before, WalFile archived) throws DriverException {
    boolean entered =
        before
            .map(read -> catalogue.replace(read, archived))
            .orElseGet(() -> catalogue.add(archived));
    Optional<WalFile> unneeded =
        entered
            ? before.filter(b -> !b.object().key().equals(archived.object().key()))
            : Optional.of(archived).filter(a -> !a.full()); // nobody else's has its key
    if (unneeded.isPresent()) {
      removeObjects(unneeded.get());
    }
    return entered;
  }

  /** Whether what the catalogue says of an object is so: two who wrote it at once may differ. */
  private boolean isStored(WalFile file) throws DriverException {
    try {
      ArtifactReader.checkStored(
          file.object(), ports.stores().open(file.store()).store(), Progress.NONE);
      return true;
    } catch (DriverException e) {
      if (e.kind() == Kind.DAMAGED || e.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw e;
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

  private WalFile write(String database, String systemId, Incoming incoming, OpenStore store)
      throws DriverException {
    String key = incoming.newKey(database, systemId);
    ArtifactWriter.Written written;
    try (InputStream in = Files.newInputStream(incoming.path());
        StoreWriter writer = store.store().create(key)) {
      written =
          new ArtifactWriter(store.keys())
              .write(in, writer, key, plain -> drained(plain), Progress.NONE);
      writer.commit();
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "archiving " + incoming.name());
    }
    ArtifactReader.checkStored(written.object(), store.store(), Progress.NONE);
    WalFile archived =
        new WalFile(
            database,
            systemId,
            incoming.name(),
            incoming.scan(),
            incoming.history(),
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
