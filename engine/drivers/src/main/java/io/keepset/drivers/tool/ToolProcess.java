package io.keepset.drivers.tool;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program under way. Its output is a stream; its complaints are kept, bounded and scrubbed; its
 * end is a fact to ask for. {@link #close} ends it: first politely (TERM), then not (KILL). One
 * thread reads, any thread may close.
 */
public final class ToolProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What a tool needs of our environment; anything else would change its behaviour unseen. */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "KRB5CCNAME", "KRB5_CONFIG");

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "keepset-tool-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final ToolCommand command;
  private final Process process;
  private final StderrTail stderr;
  private final InputStream stdout;
  private final ScheduledFuture<?> watch;
  private final OutputStream stdin;
  private volatile long waitingSince;
  private volatile long fed = System.nanoTime();
  private volatile Optional<Thread> reader = Optional.empty();
  private volatile boolean hung;

  private ToolProcess(ToolCommand command, Process process, Predicate<String> taken) {
    this.command = command;
    this.process = process;
    this.stderr = StderrTail.follow(process.getErrorStream(), command.name(), taken);
    this.stdout = new Watched(process.getInputStream());
    this.stdin = new Fed(process.getOutputStream());
    long period = Math.max(10, Math.min(1000, command.silence().toMillis() / 4));
    this.watch = WATCH.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts it.
   *
   * @throws DriverException REJECTED if there is no such program or it can't be executed
   */
  public static ToolProcess start(ToolCommand command) throws DriverException {
    return start(command, line -> false);
  }

  /**
   * The same for a tool that reports on stderr what is no complaint.
   *
   * @param taken hears every line of stderr, on a thread of its own; a line that it says yes to is
   *     not kept
   */
  public static ToolProcess start(ToolCommand command, Predicate<String> taken)
      throws DriverException {
    if (!Files.isExecutable(command.program())) {
      throw new DriverException(
          Kind.REJECTED, command.program() + " is not there or not executable");
    }
    ProcessBuilder builder = new ProcessBuilder(command.program().toString());
    builder.command().addAll(command.arguments());
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    // English messages, so that they can be recognised; UTF-8, so that names survive.
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("LANGUAGE", "C");
    environment.putAll(command.environment());
    try {
      return new ToolProcess(command, builder.start(), taken);
    } catch (IOException e) {
      throw new DriverException(
          Kind.REJECTED, command.name() + " can't be started: " + e.getMessage(), e);
    }
  }

  /**
   * Runs it to its end and returns its output, which must be small.
   *
   * @param limit of the output in bytes; more is REJECTED
   */
  public static Output run(ToolCommand command, int limit) throws DriverException {
    try (ToolProcess tool = start(command)) {
      return tool.drain(limit);
    }
  }

  /** The rest of its output, which must be small, and its end. Nothing more goes to its input. */
  public Output drain(int limit) throws DriverException {
    try {
      stdin().close();
      byte[] output = stdout().readNBytes(limit + 1);
      if (output.length > limit) {
        throw new DriverException(
            Kind.REJECTED, command.name() + " printed more than " + limit + " bytes");
      }
      return new Output(finish(), output);
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, command.name() + " could not be read: " + e.getMessage(), e);
    }
  }

  /** How a short program ended, and what it printed. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Output(ToolExit exit, byte[] stdout) {
    public String text() {
      return new String(stdout, StandardCharsets.UTF_8);
    }
  }

  public InputStream stdout() {
    return stdout;
  }

  /** Its input; what it takes is a sign of life. */
  public OutputStream stdin() {
    return stdin;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /**
   * Waits for its end; to be called once its output was read to the end.
   *
   * @throws DriverException TRANSIENT if it hung, or if waiting was interrupted; it is ended then
   */
  public ToolExit finish() throws DriverException {
    try {
      waitingSince = System.nanoTime();
      int code = process.waitFor();
      watch.cancel(false);
      String text = command.scrubber().scrub(stderr.text());
      if (hung) {
        throw new DriverException(
            Kind.TRANSIENT,
            command.name()
                + " did nothing for "
                + command.silence().toSeconds()
                + " s and was ended"
                + (text.isBlank() ? "" : "; it had said: " + text.strip()));
      }
      return new ToolExit(code, text);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, command.name() + " was cancelled", e);
    } finally {
      waitingSince = 0;
    }
  }

  /** Ends it if it still runs. Never throws, never waits longer than a few seconds. */
  @Override
  public void close() {
    watch.cancel(false);
    end();
    stderr.stop();
    closeQuietly(process.getOutputStream());
    closeQuietly(process.getInputStream());
    closeQuietly(process.getErrorStream());
  }

  private void look() {
    long since = waitingSince;
    long taken = fed;
    long now = System.nanoTime();
    long patience = command.silence().toNanos();
    if (since != 0 && now - since > patience && now - taken > patience) {
      hung = true;
      end();
    }
    // A read of a pipe does not hear an interrupt: that of its end it does.
    if (since != 0 && reader.map(Thread::isInterrupted).orElse(false)) {
      end();
    }
  }

  private void end() {
    if (!process.isAlive()) {
      return;
    }
    List<ProcessHandle> children = process.descendants().toList();
    children.forEach(ProcessHandle::destroy);
    // Not Process.destroy(): it would also close the streams under the reader.
    process.toHandle().destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.toHandle().destroyForcibly();
        process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      interrupted = true;
    }
    children.forEach(ProcessHandle::destroyForcibly);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      // The process is gone; what its streams say about that helps nobody.
    }
  }

  /** Notes when the tool took what it was given: who waits for its end sees nothing else of it. */
  private final class Fed extends FilterOutputStream {
    Fed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      fed = System.nanoTime();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      fed = System.nanoTime();
    }

    @Override
    public void flush() throws IOException {
      out.flush();
      fed = System.nanoTime();
    }
  }

  /** Notes when a reader waits for the tool, as against the tool for the reader. */
  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      reader = Optional.of(Thread.currentThread());
      waitingSince = System.nanoTime();
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        if (process.isAlive()) {
          throw e;
        }
        throw (IOException) new InterruptedIOException(command.name() + " was ended").initCause(e);
      } finally {
        waitingSince = 0;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      return in.skip(count);
    }
  }
}
