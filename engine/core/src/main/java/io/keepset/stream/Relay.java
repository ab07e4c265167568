package io.keepset.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pipe between two threads that hands over whole buffers instead of copying bytes, and
 * uses the same few buffers again and again: its memory does not depend on how much passes. The
 * failure of either side reaches the other.
 */
public final class Relay {
  /** One buffer on its way. */
  public static final class Chunk {
    public final byte[] bytes;
    public int length;

    private Chunk(int size) {
      bytes = new byte[size];
    }
  }

  /** The other side has given up; its own failure says why. */
  public static final class Abandoned extends IOException {
    public Abandoned(Throwable cause) {
      super("the other end of the relay gave up", cause);
    }
  }

  private final int chunkSize;
  private final Deque<Chunk> free = new ArrayDeque<>();
  private final Deque<Chunk> full = new ArrayDeque<>();
  private int toAllocate;
  private boolean ended;
  private @Nullable Throwable producerFailure;
  private @Nullable Throwable consumerFailure;

  /**
   * @param chunks the most buffers there will ever be
   * @param chunkSize of each, in bytes
   */
  public Relay(int chunks, int chunkSize) {
    this.toAllocate = chunks;
    this.chunkSize = chunkSize;
  }

  /** For the producer: a buffer to fill. */
  public synchronized Chunk empty() throws IOException {
    while (consumerFailure == null && free.isEmpty() && toAllocate == 0) {
      await();
    }
    if (consumerFailure != null) {
      throw new Abandoned(consumerFailure);
    }
    Chunk chunk = free.poll();
    if (chunk == null) {
      toAllocate--;
      chunk = new Chunk(chunkSize);
    }
    chunk.length = 0;
    return chunk;
  }

  /** For the producer: hands a filled buffer over. */
  public synchronized void put(Chunk chunk) {
    full.add(chunk);
    notifyAll();
  }

  /** For the producer: there is no more. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** For the producer: there would have been more. */
  public synchronized void fail(Throwable failure) {
    producerFailure = failure;
    notifyAll();
  }

  /**
   * For the consumer: the next buffer, or null at the end.
   *
   * @throws Abandoned if the producer failed, or if the consumer had given up
   */
  public synchronized @Nullable Chunk next() throws IOException {
    while (full.isEmpty() && !ended && producerFailure == null && consumerFailure == null) {
      await();
    }
    if (consumerFailure != null) {
      throw new Abandoned(consumerFailure);
    }
    if (producerFailure != null) {
      throw new Abandoned(producerFailure);
    }
    return full.poll();
  }

  /** For the consumer: gives a buffer back. */
  public synchronized void recycle(Chunk chunk) {
    free.add(chunk);
    notifyAll();
  }

  /** For the consumer: wants no more; the producer fails at its next step. */
  public synchronized void abandon(Throwable why) {
    if (consumerFailure == null) {
      consumerFailure = why;
    }
    notifyAll();
  }

  @SuppressWarnings("WaitNotInLoop") // its callers are the loops
  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** For the producer, as a stream. Its {@code close} hands over the rest and does not end. */
  public OutputStream output() {
    return new Output();
  }

  /** For the consumer, as a stream. */
  public InputStream input() {
    return new Input(chunk -> {});
  }

  /** For the consumer, as a stream; each buffer is shown first. */
  public InputStream input(Consumer<Chunk> watch) {
    return new Input(watch);
  }

  private final class Output extends OutputStream {
    private @Nullable Chunk chunk;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      int left = length;
      while (left > 0) {
        if (chunk == null) {
          chunk = empty();
        }
        Chunk to = chunk;
        int n = Math.min(left, to.bytes.length - to.length);
        System.arraycopy(bytes, at, to.bytes, to.length, n);
        to.length += n;
        at += n;
        left -= n;
        if (to.length == to.bytes.length) {
          close();
        }
      }
    }

    @Override
    public void close() {
      if (chunk != null) {
        put(chunk);
        chunk = null;
      }
    }
  }

  private final class Input extends InputStream {
    private @Nullable Chunk chunk;
    private final Consumer<Chunk> watch;
    private int position;

    Input(Consumer<Chunk> watch) {
      this.watch = watch;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (chunk == null) {
        chunk = next();
        position = 0;
        if (chunk == null) {
          return -1;
        }
        watch.accept(chunk);
      }
      int n = Math.min(length, chunk.length - position);
      System.arraycopy(chunk.bytes, position, bytes, offset, n);
      position += n;
      if (position == chunk.length) {
        recycle(chunk);
        chunk = null;
      }
      return n;
    }
  }
}
