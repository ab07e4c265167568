package io.keepset.drivers.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An answer on its way, whose server may not fall silent: the client's own time limit ends with the
 * head of an answer. What breaks it is an {@link IOException}; a body that is shorter than
 * announced breaks too.
 */
final class PatientStream extends FilterInputStream {
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "keepset-http-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration patience;
  private final ScheduledFuture<?> watch;
  private volatile long waitingSince;
  private volatile boolean silent;

  PatientStream(InputStream in, Duration patience) {
    super(in);
    this.patience = patience;
    long period = Math.max(10, Math.min(1000, patience.toMillis() / 4));
    this.watch = WATCH.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long since = waitingSince;
    if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
      silent = true;
      try {
        in.close();
      } catch (IOException e) {
        // It is given up either way.
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    waitingSince = System.nanoTime();
    try {
      int n = in.read(bytes, offset, length);
      if (silent) {
        throw new IOException("it was given up");
      }
      return n;
    } catch (IOException e) {
      throw silent ? new Unreachable.Silence(e) : e;
    } finally {
      waitingSince = 0;
    }
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    in.close();
  }
}
