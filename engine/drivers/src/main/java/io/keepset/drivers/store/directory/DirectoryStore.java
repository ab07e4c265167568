package io.keepset.drivers.store.directory;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Store;
import io.keepset.spi.StoreKeys;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a directory, the key as the path. An object is written under a hidden name
 * in the same file system, synchronised to disk and then renamed, and so is its folder: after a
 * crash or a power failure it is there whole or not at all. Folders are made 0700, files 0600.
 *
 * <p>A marker file tells a store from a bare mount point: a directory without it is only used when
 * it is empty and {@link DirectorySettings#mayBegin} agrees.
 */
public final class DirectoryStore implements Store {
  static final String UNFINISHED = ".unfinished";

  private final Path root;
  private final Marker marker;

  public DirectoryStore(DirectorySettings settings) {
    this.root = settings.path().toAbsolutePath().normalize();
    this.marker = new Marker(root, settings);
  }

  @Override
  public String describe() {
    return "directory " + root;
  }

  @Override
  public StoreWriter create(String key) throws DriverException {
    Path target = path(key);
    marker.require();
    Path folder = root.resolve(UNFINISHED);
    try {
      Durable.createDirectories(folder, root);
      Path temporary = folder.resolve(UUID.randomUUID().toString());
      return new FileWriter(key, temporary, target, root, Durable.create(temporary));
    } catch (IOException e) {
      throw Trouble.of(e, "writing to", root);
    }
  }

  @Override
  public InputStream open(String key) throws DriverException {
    Path file = path(key);
    marker.require();
    try {
      if (Files.isDirectory(file)) {
        throw new NoSuchFileException(file.toString());
      }
      return new FileReader(Files.newInputStream(file), file);
    } catch (NoSuchFileException e) {
      throw new DriverException(Kind.NOT_FOUND, "there is no " + key + " in " + describe());
    } catch (IOException e) {
      throw Trouble.of(e, "reading", file);
    }
  }

  @Override
  public Stream<StoredObject> list(String prefix) throws DriverException {
    marker.require();
    int slash = prefix.lastIndexOf('/');
    if (Arrays.asList(prefix.split("/")).contains("..")) {
      throw new DriverException(Kind.REJECTED, "not a prefix of keys: " + prefix);
    }
    Path from = slash < 0 ? root : root.resolve(prefix.substring(0, slash)).normalize();
    List<StoredObject> found = new ArrayList<>();
    try {
      if (from.startsWith(root) && Files.isDirectory(from)) {
        Files.walkFileTree(from, new Finder(prefix, found));
      }
    } catch (IOException e) {
      throw Trouble.of(e, "listing", from);
    }
    found.sort(Comparator.comparing(StoredObject::key));
    return found.stream();
  }

  @Override
  public void delete(String key) throws DriverException {
    Path file = path(key);
    marker.require();
    try {
      if (Files.isDirectory(file) || !Files.deleteIfExists(file)) {
        return;
      }
      Path folder = Durable.parent(file);
      Durable.sync(folder);
      while (!folder.equals(root) && deleteIfEmpty(folder)) {
        folder = Durable.parent(folder);
        Durable.sync(folder);
      }
    } catch (NoSuchFileException e) {
      // Another thread removed the emptied folder: gone is what was asked for.
      return;
    } catch (IOException e) {
      throw Trouble.of(e, "deleting", file);
    }
  }

  private static boolean deleteIfEmpty(Path folder) throws IOException {
    try {
      return Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  @Override
  public int cleanLeftovers(Instant olderThan) throws DriverException {
    marker.require();
    Path folder = root.resolve(UNFINISHED);
    int cleaned = 0;
    if (!Files.isDirectory(folder)) {
      return cleaned;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        // A write under way touches its file all the time.
        if (modified(file).isBefore(olderThan) && Files.deleteIfExists(file)) {
          cleaned++;
        }
      }
    } catch (IOException e) {
      throw Trouble.of(e, "cleaning", folder);
    }
    return cleaned;
  }

  private static Instant modified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  @Override
  public void check() throws DriverException {
    marker.require();
    Path folder = root.resolve(UNFINISHED);
    byte[] sample = {1, 2, 3};
    try {
      Durable.createDirectories(folder, root);
      Path probe = folder.resolve(UUID.randomUUID().toString());
      try (Durable file = Durable.create(probe)) {
        file.write(sample, 0, sample.length);
        file.finish();
        if (!Arrays.equals(Files.readAllBytes(probe), sample)) {
          throw new DriverException(
              Kind.DAMAGED, describe() + " gives back other bytes than were written");
        }
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw Trouble.of(e, "writing to", root);
    }
  }

  @Override
  public void close() {}

  private Path path(String key) throws DriverException {
    StoreKeys.check(key);
    return root.resolve(key);
  }

  /** Collects the objects below a folder; what begins with a dot is none. */
  private final class Finder extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final List<StoredObject> found;

    Finder(String prefix, List<StoredObject> found) {
      this.prefix = prefix;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return !folder.equals(root) && hidden(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = root.relativize(file).toString();
      if (attributes.isRegularFile() && !hidden(file) && key.startsWith(prefix)) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        found.add(new StoredObject(key, attributes.size(), modified));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      return gone(e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      return e == null ? FileVisitResult.CONTINUE : gone(e);
    }

    /** What is deleted while we look was there or not: both are true. */
    private FileVisitResult gone(IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private boolean hidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }
}
