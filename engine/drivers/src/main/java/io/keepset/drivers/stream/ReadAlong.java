package io.keepset.drivers.stream;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
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

  private final InputStream in;
  private final PipedOutputStream copy;
  private final FutureTask<T> reading;
  private volatile Optional<IOException> broken = Optional.empty();
  private volatile boolean ended;

  /**
   * @param name of the thread
   */
  public ReadAlong(InputStream in, String name, Reader<T> reader) {
    this.in = in;
    PipedInputStream passing = new PipedInputStream(1 << 20);
    try {
      this.copy = new PipedOutputStream(passing);
    } catch (IOException e) {
      throw new IllegalStateException("a new pipe is connected to nothing", e);
    }
    this.reading =
        new FutureTask<>(
            () -> {
              try (passing) {
                T result = reader.read(new Unclosable(passing));
                passing.transferTo(OutputStream.nullOutputStream());
                return result;
              }
            });
    Thread thread = new Thread(reading, name);
    thread.setDaemon(true);
    thread.start();
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
      return -1;
    }
    if (n > 0) {
      copy.write(bytes, offset, n);
    } else if (n < 0) {
      ended = true;
    }
    return n;
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
      copy.close();
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
      copy.close();
    }
  }

  /** Decoders close what they read, and whatever follows has to be read all the same. */
  private static final class Unclosable extends FilterInputStream {
    Unclosable(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Closed by whoever opened it.
    }
  }
}
