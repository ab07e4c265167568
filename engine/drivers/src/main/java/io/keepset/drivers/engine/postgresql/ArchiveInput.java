package io.keepset.drivers.engine.postgresql;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primitives of a custom archive: bytes, signed integers, strings. What was consumed can
 * be recorded, for a reader that hands the bytes on. Never trusts a length: memory grows with what
 * really arrives.
 */
final class ArchiveInput {
  private final InputStream in;
  private final byte[] buffer = new byte[256 * 1024];
  private final @Nullable ByteArrayOutputStream record;
  private int position;
  private int limit;
  private long before;
  private int intSize = 4;
  private int offSize = 8;

  ArchiveInput(InputStream in, @Nullable ByteArrayOutputStream record) {
    this.in = in;
    this.record = record;
  }

  void sizes(int ofInt, int ofOffset) throws MalformedArchive {
    if (ofInt < 1 || ofInt > 8 || ofOffset < 1 || ofOffset > 8) {
      throw new MalformedArchive("impossible number sizes " + ofInt + " and " + ofOffset);
    }
    intSize = ofInt;
    offSize = ofOffset;
  }

  /** Bytes of a number, beside that of its sign. */
  int intSize() {
    return intSize;
  }

  /** Bytes consumed so far. */
  long offset() {
    return before + position;
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    byte value = buffer[position++];
    if (record != null) {
      record.write(value);
    }
    return value & 0xff;
  }

  int readByte() throws IOException {
    int value = read();
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }

  int readInt() throws IOException {
    long value = 0;
    if (intSize == 4 && record == null && limit - position > 4) {
      // A row of a table is a piece with a number before it: millions of them.
      int at = position;
      position += 5;
      int magnitude =
          (buffer[at + 1] & 0xff)
              | (buffer[at + 2] & 0xff) << 8
              | (buffer[at + 3] & 0xff) << 16
              | (buffer[at + 4] & 0xff) << 24;
      if (magnitude >= 0) {
        return buffer[at] == 0 ? magnitude : -magnitude;
      }
      throw new MalformedArchive("impossible number at byte " + offset());
    }
    boolean negative = readByte() != 0;
    for (int i = 0; i < intSize; i++) {
      value |= (long) readByte() << (8 * i);
    }
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedArchive("impossible number at byte " + offset());
    }
    return (int) (negative ? -value : value);
  }

  /** A string of bytes, one char each; null where the archive has none; cut at {@code keep}. */
  @Nullable String readString(int keep) throws IOException {
    int length = readInt();
    if (length < 0) {
      return null;
    }
    int wanted = Math.min(length, keep);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(wanted, 1024));
    for (int i = 0; i < length; i++) {
      int value = readByte();
      if (i < wanted) {
        bytes.write(value);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  void skipOffset() throws IOException {
    readByte();
    for (int i = 0; i < offSize; i++) {
      readByte();
    }
  }

  /** Passes {@code length} bytes to {@code sink}, in pieces; never recorded. */
  void pass(int length, Sink sink) throws IOException {
    int left = length;
    while (left > 0) {
      if (position == limit && !fill()) {
        throw new EOFException();
      }
      int n = Math.min(left, limit - position);
      sink.take(buffer, position, n);
      position += n;
      left -= n;
    }
  }

  /** What is in the buffer and not consumed yet, then the stream itself. */
  int readRest(byte[] bytes, int offset, int length) throws IOException {
    if (position < limit) {
      int n = Math.min(length, limit - position);
      System.arraycopy(buffer, position, bytes, offset, n);
      position += n;
      return n;
    }
    return in.read(bytes, offset, length);
  }

  private boolean fill() throws IOException {
    before += limit;
    position = 0;
    limit = 0;
    int n = in.read(buffer, 0, buffer.length);
    if (n <= 0) {
      return false;
    }
    limit = n;
    return true;
  }

  /** Takes bytes as they pass. */
  interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }
}
