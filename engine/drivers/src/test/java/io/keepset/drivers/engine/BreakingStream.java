package io.keepset.drivers.engine;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;

/** An artifact that can't be read to its end: the check of its bytes fails on the way. */
final class BreakingStream extends FilterInputStream {
  private int left;

  BreakingStream(byte[] bytes, int readable) {
    super(new ByteArrayInputStream(bytes));
    left = readable;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      throw new IOException("its checksum does not hold");
    }
    int n = super.read(bytes, offset, Math.min(left, length));
    left -= Math.max(0, n);
    return n;
  }
}
