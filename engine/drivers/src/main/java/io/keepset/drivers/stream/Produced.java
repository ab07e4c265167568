package io.keepset.drivers.stream;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Optional;

/**
 * What a thread of its own writes, as a stream to read. If the thread fails the stream just ends:
 * {@link #await} tells. Closing ends the thread, and waits for that.
 */
public final class Produced extends FilterInputStream {
  /** Writes all of it. It hears of a reader that has left by an {@link IOException}. */
  @FunctionalInterface
  public interface Work {
    void write(OutputStream out) throws IOException, DriverException;
  }

  private final PipedOutputStream out;
  private final Thread thread;
  private volatile Optional<DriverException> failure = Optional.empty();

  /**
   * @param name of the thread
   */
  public Produced(String name, Work work) {
    this(name, work, new PipedInputStream(1 << 20));
  }

  private Produced(String name, Work work, PipedInputStream pipe) {
    super(pipe);
    try {
      this.out = new PipedOutputStream(pipe);
    } catch (IOException e) {
      throw new IllegalStateException("a new pipe is connected to nothing", e);
    }
    this.thread = new Thread(() -> run(name, work), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run(String name, Work work) {
    try (out) {
      work.write(out);
    } catch (DriverException e) {
      failure = Optional.of(e);
    } catch (IOException e) {
      failure = Optional.of(BrokenStream.unwrap(e, name));
    } catch (RuntimeException e) {
      failure = Optional.of(new DriverException(Kind.TRANSIENT, name + " failed: " + e, e));
    }
  }

  /** Why it ended early, if it has. */
  public Optional<DriverException> failure() {
    return failure;
  }

  /**
   * Waits for the thread's end; to be called once all was read.
   *
   * @throws DriverException what it failed with
   */
  public void await() throws DriverException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the dump was cancelled", e);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
