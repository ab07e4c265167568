package io.keepset.drivers.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the bytes of a tar and remembers whether the last of them were its end mark. */
public final class TarTail extends FilterInputStream {
  private static final int END_MARK = 1024;

  private long size;
  private long zeros;

  public TarTail(InputStream in) {
    super(in);
  }

  /** Bytes that passed. */
  public long size() {
    return size;
  }

  /** Did the last of them say that the archive ends here? */
  public boolean endsWithMark() {
    return zeros >= END_MARK && size % 512 == 0;
  }

  /** Reads the padding after the end mark; the checksum is behind it. */
  public void drain() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int n = 0;
    while (n >= 0) {
      n = read(buffer, 0, buffer.length);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(count, 64 * 1024)];
    int n = read(buffer, 0, buffer.length);
    return Math.max(0, n);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    if (n > 0) {
      size += n;
      int at = n;
      while (at > 0 && bytes[offset + at - 1] == 0) {
        at--;
      }
      zeros = at == 0 ? zeros + n : n - at;
    }
    return n;
  }
}
