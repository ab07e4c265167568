package io.keepset.drivers.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Wraps a stream as gzip without packing it: stored blocks and a checksum at the end. What comes
 * out is a {@code .gz} that every tool reads, made at the speed of memory, and the store's own
 * compression can still do its work on it.
 */
public final class StoredGzip extends InputStream {
  private static final int BLOCK = 65_535;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int BLOCK_HEADER = 5;
  private static final int TRAILER = 8;

  private final InputStream in;
  private final CRC32 crc = new CRC32();
  private final byte[] out = new byte[BLOCK_HEADER + BLOCK + TRAILER];
  private int position;
  private int limit;
  private long size;
  private boolean last;

  public StoredGzip(InputStream in) {
    this.in = in;
    System.arraycopy(HEADER, 0, out, 0, HEADER.length);
    limit = HEADER.length;
  }

  /** Bytes that went in so far. */
  public long size() {
    return size;
  }

  /** Was everything read, the checksum included? */
  public boolean ended() {
    return last && position == limit;
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
    if (position == limit) {
      if (last) {
        return -1;
      }
      fill();
    }
    int n = Math.min(length, limit - position);
    System.arraycopy(out, position, bytes, offset, n);
    position += n;
    return n;
  }

  private void fill() throws IOException {
    int n = in.readNBytes(out, BLOCK_HEADER, BLOCK);
    crc.update(out, BLOCK_HEADER, n);
    size += n;
    last = n < BLOCK;
    out[0] = (byte) (last ? 1 : 0);
    littleEndian(n, 1, 2);
    littleEndian(~n, 3, 2);
    position = 0;
    limit = BLOCK_HEADER + n;
    if (last) {
      littleEndian(crc.getValue(), limit, 4);
      littleEndian(size, limit + 4, 4);
      limit += TRAILER;
    }
  }

  private void littleEndian(long value, int at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out[at + i] = (byte) (value >>> (8 * i));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
