package io.keepset.drivers.stream;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Hands on what passes, and has a copy of it read by a second thread. A source that breaks looks
 * like its end to the reader of this stream; {@link #broken} tells. One thread reads; any may
 * close.
 */
public final class ReadAlong<T> extends InputStream {
  /** What is to be learnt from the copy. What it leaves unread is read for it. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream copy) throws IOException, DriverException;
  }

  private static final int CHUNKS = 4;
  private static final int CHUNK_SIZE = 256 << 10;

  private final InputStream in;
  private final Relay relay = new Relay(CHUNKS, CHUNK_SIZE);
  private final OutputStream copy = relay.output();
  private final FutureTask<T> reading;
  private volatile Optional<IOException> broken = Optional.empty();
  private volatile boolean ended;
  private volatile boolean copied;

  /**
   * @param name of the thread
   */
  public ReadAlong(InputStream in, String name, Reader<T> reader) {
    this.in = in;
    this.reading = new FutureTask<>(() -> readCopy(reader));
    Thread thread = new Thread(reading, name);
    thread.setDaemon(true);
    thread.start();
  }

  private T readCopy(Reader<T> reader) throws IOException, DriverException {
    InputStream passing = relay.input();
    try {
      T result = reader.read(passing);
      passing.transferTo(OutputStream.nullOutputStream());
      return result;
    } catch (IOException | DriverException | RuntimeException e) {
      relay.abandon(e);
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n;
    try {
      n = in.read(bytes, offset, length);
    } catch (IOException e) {
      broken = Optional.of(e);
      endCopy();
      return -1;
    }
    if (n > 0) {
      pass(bytes, offset, n);
    } else if (n < 0) {
      ended = true;
      endCopy();
    }
    return n;
  }

  private void pass(byte[] bytes, int offset, int length) throws IOException {
    try {
      copy.write(bytes, offset, length);
    } catch (Relay.Abandoned e) {
      // Whoever reads this stream has relays of its own, and must not take this for one of them.
      throw e.getCause() instanceof DriverException failure
          ? new BrokenStream(failure)
          : new IOException("the backup could not be read along: " + e.getCause(), e);
    }
  }

  private void endCopy() throws IOException {
    if (!copied) {
      copied = true;
      copy.close();
      relay.end();
    }
  }

  /** What kept the source from being read, if anything did. */
  public Optional<IOException> broken() {
    return broken;
  }

  /** Was the source read to its own end? */
  public boolean ended() {
    return ended;
  }

  /**
   * What was learnt, once nothing more will be read.
   *
   * @throws DriverException of the reader, or TRANSIENT
   */
  public T result() throws DriverException {
    try {
      endCopy();
      return reading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DriverException failure) {
        throw failure;
      }
      throw new DriverException(
          Kind.TRANSIENT, "the backup could not be read along: " + e.getCause(), e);
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the backup could not be read along: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the dump was cancelled", e);
    }
  }

  /** Closes the source; the copy ends too. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } finally {
      if (!copied) {
        relay.fail(new IOException("the stream was closed"));
      }
    }
  }
}
