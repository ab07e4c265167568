package io.keepset.drivers.scratch;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server program that can't outlive us. A small shell waits beside it on a pipe of ours: when
 * that ends, by {@link #close} or because this process died in whatever way, it ends the server
 * with all its children and removes the directory.
 */
public final class ScratchServer implements AutoCloseable {
  /**
   * Arguments: directory to remove, signal, log file, program and its arguments. {@code setsid}
   * makes the server's processes one group, and keeps a terminal's Ctrl-C from it, as the order of
   * things is ours; until it has done so there is no group to end. It says "ended" when the server
   * has ended by itself. The {@code kill} of dash takes no {@code --}.
   */
  private static final String GUARD =
      """
      dir=$1 signal=$2 log=$3
      shift 3
      exec 3<&0 </dev/null
      setsid "$@" >"$log" 2>&1 3<&- &
      server=$!
      trap '' INT TERM HUP PIPE
      (read -r end <&3
      until kill "-$signal" "-$server" || ! kill -0 "$server"; do sleep 0.05; done) >/dev/null 2>&1 &
      watch=$!
      wait "$server"
      kill -KILL "$watch" 2>/dev/null
      kill -KILL "-$server" 2>/dev/null
      echo ended 2>/dev/null
      read -r end <&3
      rm -rf -- "$dir"
      """;

  private static final Duration TO_START = Duration.ofMinutes(3);
  private static final Duration TO_END = Duration.ofSeconds(30);
  private static final int TAIL = 2000;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Asks the server whether it is ready. */
  @FunctionalInterface
  public interface Probe {
    /**
     * @throws DriverException if it is not ready yet
     */
    void ask() throws DriverException;
  }

  /**
   * What is to run.
   *
   * @param name for people and for its log
   * @param directory where it runs
   */
  public record Program(String name, List<String> command, Path directory) {}

  private final String name;
  private final Path log;
  private final Process guard;

  private ScratchServer(String name, Path log, Process guard) {
    this.name = name;
    this.log = log;
    this.guard = guard;
  }

  /**
   * Starts it in {@link ScratchDirectory#server}.
   *
   * @param signal that ends it at once, data or not: {@code KILL}, where the program has no better
   * @param environment beside PATH, and HOME and TMPDIR in its directory
   */
  public static ScratchServer start(
      ScratchDirectory directory,
      String signal,
      List<String> command,
      Map<String, String> environment)
      throws DriverException {
    Program program =
        new Program(Path.of(command.get(0)).getFileName().toString(), command, directory.server());
    return start(directory, signal, program, environment);
  }

  /** The same of a program that wants to run somewhere else, or that others run. */
  public static ScratchServer start(
      ScratchDirectory directory, String signal, Program program, Map<String, String> environment)
      throws DriverException {
    String name = program.name();
    Path log = directory.path().resolve(name + ".log");
    List<String> whole = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "keepset-scratch"));
    whole.addAll(List.of(directory.path().toString(), signal, log.toString()));
    whole.addAll(directory.user().run(program.command()));
    ProcessBuilder builder = new ProcessBuilder(whole).directory(program.directory().toFile());
    environment(builder.environment(), directory, environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return new ScratchServer(name, log, builder.start());
    } catch (IOException e) {
      throw new DriverException(Kind.REJECTED, name + " can't be started: " + e.getMessage(), e);
    }
  }

  private static void environment(
      Map<String, String> all, ScratchDirectory directory, Map<String, String> more) {
    all.keySet().retainAll(List.of("PATH", "LD_LIBRARY_PATH"));
    all.put("HOME", directory.server().toString());
    all.put("TMPDIR", directory.server().toString());
    all.put("LC_ALL", "C.UTF-8");
    all.putAll(more);
  }

  /** A port of 127.0.0.1 that nobody has; somebody may take it before the server does. */
  public static int freePort() throws DriverException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "there is no free port on 127.0.0.1", e);
    }
  }

  /** A password that lives as long as its instance. */
  public static String password() {
    byte[] bytes = new byte[18];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Waits until it answers.
   *
   * @throws DriverException if it ended or does not answer in time, with what it wrote last
   */
  public void await(Probe probe) throws DriverException {
    long deadline = System.nanoTime() + TO_START.toNanos();
    while (true) {
      try {
        probe.ask();
        return;
      } catch (DriverException e) {
        if (ended()) {
          throw trouble(name + " ended as soon as it was started", e);
        }
        if (System.nanoTime() > deadline) {
          throw trouble(name + " did not answer within " + TO_START.toMinutes() + " minutes", e);
        }
      }
      pause();
    }
  }

  private DriverException trouble(String what, DriverException cause) {
    return new DriverException(
        Kind.TRANSIENT, what + " (" + cause.getMessage() + "); it wrote: " + said(), cause);
  }

  private void pause() throws DriverException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the wait for " + name + " was cancelled", e);
    }
  }

  private boolean ended() {
    try {
      return !guard.isAlive() || guard.getInputStream().available() > 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** The last that it wrote. */
  public String said() {
    try {
      String all = Files.readString(log, StandardCharsets.ISO_8859_1).strip();
      return all.substring(Math.max(0, all.length() - TAIL));
    } catch (IOException e) {
      return "nothing";
    }
  }

  /** Ends it and waits for that; the directory is gone then. Never throws. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    List<ProcessHandle> all = guard.descendants().toList();
    try {
      guard.getOutputStream().close();
      if (!guard.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
        guard.destroyForcibly().waitFor();
      }
      guard.getInputStream().close();
    } catch (IOException e) {
      all.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      guard.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
