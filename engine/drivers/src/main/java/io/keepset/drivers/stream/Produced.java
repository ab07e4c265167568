package io.keepset.drivers.stream;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.stream.Relay;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
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

  private static final int CHUNKS = 4;
  private static final int CHUNK_SIZE = 256 << 10;

  private final Relay relay;
  private final Thread thread;
  private volatile Optional<DriverException> failure = Optional.empty();

  /**
   * @param name of the thread
   */
  public Produced(String name, Work work) {
    this(name, work, new Relay(CHUNKS, CHUNK_SIZE));
  }

  private Produced(String name, Work work, Relay relay) {
    super(relay.input());
    this.relay = relay;
    this.thread = new Thread(() -> run(name, work), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run(String name, Work work) {
    try (OutputStream out = relay.output()) {
      work.write(out);
    } catch (DriverException e) {
      failure = Optional.of(e);
    } catch (IOException e) {
      failure = Optional.of(BrokenStream.unwrap(e, name));
    } catch (RuntimeException e) {
      failure = Optional.of(new DriverException(Kind.TRANSIENT, name + " failed: " + e, e));
    } finally {
      relay.end();
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (Relay.Abandoned e) {
      throw closed(e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (Relay.Abandoned e) {
      throw closed(e);
    }
  }

  /** Whoever reads has relays of its own, and must not take this for one of them. */
  private static IOException closed(Relay.Abandoned e) {
    return new IOException("the stream was closed while it was read", e);
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
  public void close() {
    relay.abandon(new IOException("the reader has left"));
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
