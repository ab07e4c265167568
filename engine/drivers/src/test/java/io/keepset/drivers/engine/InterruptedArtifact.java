package io.keepset.drivers.engine;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/**
 * An artifact on the way to which something happens: once so many bytes were read, whoever reads on
 * has to wait until it did.
 */
final class InterruptedArtifact extends FilterInputStream {
  /** What happens. */
  interface Event {
    void happen() throws InterruptedException;
  }

  private final Event event;
  private int left;
  private boolean happened;

  InterruptedArtifact(byte[] bytes, int before, Event event) {
    super(new ByteArrayInputStream(bytes));
    this.left = before;
    this.event = event;
  }

  /** One that can't be read on; {@code reached} tells when. */
  static InterruptedArtifact stuck(byte[] bytes, int before, CountDownLatch reached) {
    return new InterruptedArtifact(
        bytes,
        before,
        () -> {
          reached.countDown();
          new CountDownLatch(1).await();
        });
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0 && !happened) {
      happened = true;
      try {
        event.happen();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    int n = super.read(bytes, offset, left > 0 ? Math.min(left, length) : length);
    left -= left > 0 ? Math.max(0, n) : 0;
    return n;
  }
}
