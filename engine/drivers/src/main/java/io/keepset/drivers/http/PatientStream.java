package io.keepset.drivers.http;

import io.keepset.drivers.stream.Watchdog;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * An answer on its way, whose server may not fall silent: the client's own time limit ends with the
 * head of an answer. What breaks it is an {@link IOException}; a body that is shorter than
 * announced breaks too.
 */
public final class PatientStream extends FilterInputStream {
  private final Watchdog watchdog;

  /**
   * @param patience how long one read may wait
   */
  public PatientStream(InputStream in, Duration patience) {
    super(in);
    this.watchdog = new Watchdog(patience, this::giveUp);
  }

  private void giveUp() {
    try {
      in.close();
    } catch (IOException e) {
      // It is given up either way.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    watchdog.begin();
    try {
      int n = in.read(bytes, offset, length);
      if (watchdog.hung()) {
        throw new IOException("it was given up");
      }
      return n;
    } catch (IOException e) {
      throw watchdog.hung() ? new Unreachable.Silence(e) : e;
    } finally {
      watchdog.served();
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.close();
    in.close();
  }
}
