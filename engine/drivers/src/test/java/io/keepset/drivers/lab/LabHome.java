package io.keepset.drivers.lab;

import io.keepset.drivers.tool.OwnedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A directory of a server's own, and the processes that were started in it. With {@link #close}, or
 * at the latest with this JVM, they end as in a crash, and nothing is left.
 */
public final class LabHome implements AutoCloseable {
  private static final int TO_END = 10;

  private final Path path;
  private final List<Process> processes = new ArrayList<>();
  private final Thread atExit = new Thread(this::remove, "remove-lab");

  /**
   * @param name of what lives there
   */
  public LabHome(String name) throws IOException {
    path = Files.createTempDirectory("keepset-" + name);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public Path path() {
    return path;
  }

  /**
   * Starts a program, whose output goes to a file.
   *
   * @param log its name in the directory
   */
  public Process start(ProcessBuilder builder, String log) throws IOException {
    Process process =
        builder.redirectErrorStream(true).redirectOutput(path.resolve(log).toFile()).start();
    processes.add(process);
    return process;
  }

  /** What it wrote. */
  public String read(String log) {
    try {
      return Files.readString(path.resolve(log));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends all programs, with their children, as a crash does. */
  public void kill() {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process process : processes) {
      all.addAll(process.descendants().toList());
      all.add(process.toHandle());
    }
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : all) {
      handle.onExit().orTimeout(TO_END, TimeUnit.SECONDS).handle((one, two) -> one).join();
    }
  }

  private void remove() {
    kill();
    try {
      OwnedDirectory.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The machine is shutting down: the hook runs.
    }
  }
}
