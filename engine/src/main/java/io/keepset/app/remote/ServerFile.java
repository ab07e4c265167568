package io.keepset.app.remote;

import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * How a command finds the server on its data directory: {@code server.json}, readable for the same
 * user only, with the address and a secret that is good as long as the server runs. A lock that the
 * system drops with the process tells a running server from the file of a dead one.
 */
public final class ServerFile implements AutoCloseable {
  private static final String FILE = "server.json";
  private static final String LOCK = "server.lock";
  private static final long PAUSE_NANOS = 50_000_000L;

  /** With the pauses between, about a second. */
  private static final int TRIES = 20;

  private final Path data;
  private final FileChannel channel;

  private ServerFile(Path data, FileChannel channel) {
    this.data = data;
    this.channel = channel;
  }

  /**
   * Where a server answers.
   *
   * @param certificate that it shows, in PEM, if it speaks TLS
   */
  public record Address(URI url, String secret, Optional<String> certificate) {
    public Address(URI url, String secret) {
      this(url, secret, Optional.empty());
    }
  }

  /** Makes this process the server of the data directory; empty if another one is. */
  public static Optional<ServerFile> claim(Path data) throws IOException {
    return claim(data, () -> LockSupport.parkNanos(PAUSE_NANOS));
  }

  /**
   * A command that looks whether a server runs has the lock for a moment, so one refusal says
   * little: a server keeps it, a command gives it back.
   */
  static Optional<ServerFile> claim(Path data, Runnable pause) throws IOException {
    FileChannel channel =
        FileChannel.open(data.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<FileLock> lock = tryLock(channel);
    for (int tries = 1; lock.isEmpty() && tries < TRIES; tries++) {
      pause.run();
      lock = tryLock(channel);
    }
    if (lock.isEmpty()) {
      channel.close();
      return Optional.empty();
    }
    Files.deleteIfExists(data.resolve(FILE)); // of one that died
    return Optional.of(new ServerFile(data, channel));
  }

  /** Says where this server answers, once it does. */
  public void publish(Address address) throws IOException {
    Path file = data.resolve(FILE);
    Path next = data.resolve(FILE + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        next,
        JsonText.write(
            new MapBuilder()
                .put("url", address.url().toString())
                .put("pid", ProcessHandle.current().pid())
                .put("secret", address.secret())
                .putText("certificate", address.certificate())
                .build()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The server that runs on this data directory now; empty if none does.
   *
   * @param starting how long to wait for one that has begun and does not answer yet
   */
  public static Optional<Address> await(Path data, Duration starting) throws IOException {
    long deadline = System.nanoTime() + starting.toNanos();
    while (locked(data.resolve(LOCK))) {
      Optional<Address> address = read(data.resolve(FILE));
      if (address.isPresent() || System.nanoTime() > deadline) {
        return address;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return Optional.empty();
  }

  private static Optional<Address> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return JsonText.read(new SourceFile(FILE, Files.readAllBytes(file)))
        .valid()
        .map(node -> node instanceof MapNode map ? map : null)
        .flatMap(ServerFile::address);
  }

  private static Optional<Address> address(MapNode map) {
    Optional<String> url = map.text("url");
    Optional<String> secret = map.text("secret");
    return url.isPresent() && secret.isPresent()
        ? Optional.of(new Address(URI.create(url.get()), secret.get(), map.text("certificate")))
        : Optional.empty();
  }

  private static boolean locked(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return tryLock(channel).isEmpty();
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // held by this very process
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(data.resolve(FILE));
    channel.close();
  }
}
