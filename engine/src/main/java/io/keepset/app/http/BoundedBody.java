package io.keepset.app.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A body that ends the request when it grows too large, or when it comes so slowly that it only
 * keeps a thread busy. That it stops coming altogether is the server's own business.
 */
final class BoundedBody extends ServletInputStream {
  /** Slower lines than this were given up long ago. */
  private static final long BYTES_PER_SECOND = 4096;

  private static final long GRACE_SECONDS = 60;

  private final ServletInputStream body;
  private final BodyLimit limit;
  private final Memory.Share share;
  private final LongSupplier nanos;
  private final long since;
  private boolean reserved;
  private long received;

  /** It came too slowly, or not at all. */
  static final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("the body came too slowly");
    }
  }

  /**
   * @param share of the memory for bodies; what a body of known length takes is taken already
   * @param known whether its length is
   */
  BoundedBody(
      ServletInputStream body,
      BodyLimit limit,
      Memory.Share share,
      boolean known,
      LongSupplier nanos) {
    this.body = body;
    this.limit = limit;
    this.share = share;
    this.reserved = known;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  private int took(int count) throws IOException {
    received += Math.max(0, count);
    if (received > limit.most()) {
      throw Problem.tooLarge(limit.most());
    }
    if (!reserved && limit.isLarge(received)) {
      reserved = true;
      share.take(limit.memory());
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - since);
    boolean slow = seconds > GRACE_SECONDS + received / BYTES_PER_SECOND;
    if (count >= 0 && slow && !limit.mayPause()) {
      throw new TooSlow();
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    int one = body.read();
    took(one < 0 ? -1 : 1);
    return one;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return took(body.read(into, offset, length));
  }

  @Override
  public boolean isFinished() {
    return body.isFinished();
  }

  @Override
  public boolean isReady() {
    return body.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    body.setReadListener(listener);
  }
}
