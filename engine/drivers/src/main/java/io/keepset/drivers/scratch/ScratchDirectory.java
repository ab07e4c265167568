package io.keepset.drivers.scratch;

import io.keepset.drivers.tool.OwnedDirectory;
import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.plan.Figures;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that an instance writes, in one temporary directory that goes with {@link #close}, with this
 * process, or, if it was killed, with the next of its kind. Inside, {@link #server} belongs to the
 * user whom the server runs as; nobody else can look into it.
 */
public final class ScratchDirectory implements AutoCloseable {
  public static final String PREFIX = "keepset-scratch-";

  private static final int MOST_OUTPUT = 1 << 20;

  private final Path path;
  private final Path server;
  private final ServerUser user;
  private final Thread atExit = new Thread(this::remove, "remove-scratch");

  private ScratchDirectory(Path path, ServerUser user) throws IOException {
    this.path = path;
    this.user = user;
    this.server = Files.createDirectory(path.resolve("server"));
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
    user.give(server);
    if (user.name().isPresent()) {
      // The server's user has to get through, and no further than to his own.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param factor how many times the unpacked artifact an instance takes at most, usually
   * @throws DriverException REJECTED if there is less space than that
   */
  public static ScratchDirectory make(Scratch.Wanted wanted, int factor, ServerUser user)
      throws DriverException {
    try {
      requireSpace(wanted, factor);
      return new ScratchDirectory(OwnedDirectory.make(wanted.place(), PREFIX), user);
    } catch (IOException e) {
      throw new DriverException(
          Kind.REJECTED,
          "no directory can be made in "
              + wanted.place()
              + " ("
              + e
              + "); name another place with --scratch-dir",
          e);
    }
  }

  private static void requireSpace(Scratch.Wanted wanted, int factor)
      throws IOException, DriverException {
    long free = Files.getFileStore(wanted.place()).getUsableSpace();
    if (free / factor < wanted.bytes()) {
      throw new DriverException(
          Kind.REJECTED,
          wanted.place()
              + " has "
              + Figures.size(free)
              + " free, and an instance may take "
              + factor
              + " times the "
              + Figures.size(wanted.bytes())
              + " of the backup; make room, or name a larger place with --scratch-dir");
    }
  }

  /** For files of ours that the server does not read. */
  public Path path() {
    return path;
  }

  /** For what the server reads and writes. */
  public Path server() {
    return server;
  }

  public ServerUser user() {
    return user;
  }

  /** Writes a file that only the server's user can read. */
  public Path write(String name, String content) throws IOException {
    Path file = server.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
    user.give(file);
    return file;
  }

  /**
   * Runs a program as the server's user, to its end.
   *
   * @param input what it gets to read
   * @param silence see {@link ToolCommand#silence}
   * @throws DriverException with what it said, if it did not succeed
   */
  public void run(List<String> command, String input, Duration silence) throws DriverException {
    List<String> whole = user.run(command);
    ToolCommand tool =
        new ToolCommand(
            Path.of(whole.get(0)),
            whole.subList(1, whole.size()),
            new TreeMap<>(Map.of("HOME", server.toString(), "TMPDIR", server.toString())),
            Scrubber.NONE,
            silence);
    try (ToolProcess process = ToolProcess.start(tool)) {
      process.stdin().write(input.getBytes(StandardCharsets.UTF_8));
      ToolProcess.Output output = process.drain(MOST_OUTPUT);
      if (!output.exit().ok()) {
        throw new DriverException(
            Kind.TRANSIENT,
            Path.of(command.get(0)).getFileName()
                + " failed: "
                + (output.exit().stderr().isBlank() ? output.text() : output.exit().stderr())
                    .strip());
      }
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, command.get(0) + " ended early: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This process goes down: the hook does the work.
    }
  }

  private void remove() {
    // A server that is about to end may write while we delete.
    for (int i = 0; i < 20; i++) {
      try {
        OwnedDirectory.delete(path);
        return;
      } catch (IOException e) {
        pause();
      }
    }
  }

  private static void pause() {
    boolean interrupted = Thread.interrupted();
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
