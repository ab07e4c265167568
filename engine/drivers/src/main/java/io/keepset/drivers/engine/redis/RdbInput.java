package io.keepset.drivers.engine.redis;

import io.keepset.drivers.stream.Crc64;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The small change of an RDB file: bytes, lengths and strings, with the checksum of what was read
 * (Redis, {@code rdb.h}: "RDB_6BITLEN" and below). Strings are skipped, so a huge one costs no
 * memory.
 */
final class RdbInput {
  private static final int INT8 = 0;
  private static final int INT16 = 1;
  private static final int INT32 = 2;
  private static final int LZF = 3;
  private static final int LONGEST_TEXT = 4096;

  private final InputStream in;
  private final Crc64 crc = Crc64.jones();
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int at;
  private int end;
  private long before;

  RdbInput(InputStream in) {
    this.in = in;
  }

  /** How many bytes were read. */
  long position() {
    return before + at;
  }

  /** Of all bytes read so far. */
  long checksum() {
    crc.update(buffer, from, at - from);
    from = at;
    return crc.value();
  }

  boolean atEnd() throws IOException {
    return at == end && !refill();
  }

  int u8() throws IOException {
    if (at == end && !refill()) {
      throw new EOFException("it ends at byte " + position() + ", in the middle");
    }
    return buffer[at++] & 0xff;
  }

  /** Eight bytes, the lowest first. */
  long little64() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (long) u8() << shift;
    }
    return value;
  }

  void skip(long count) throws IOException {
    if (count < 0) {
      throw new MalformedRdb("a length below zero at byte " + position());
    }
    long left = count;
    while (left > 0) {
      if (at == end && !refill()) {
        throw new EOFException("it ends at byte " + position() + ", in the middle");
      }
      int step = (int) Math.min(left, end - at);
      at += step;
      left -= step;
    }
  }

  /** A count or a number; never an encoding. */
  long length() throws IOException {
    int first = u8();
    if (first >>> 6 == 3) {
      throw new MalformedRdb("an encoding where a length belongs, at byte " + position());
    }
    return length(first);
  }

  private long length(int first) throws IOException {
    return switch (first >>> 6) {
      case 0 -> first & 0x3f;
      case 1 -> (long) (first & 0x3f) << 8 | u8();
      default ->
          switch (first) {
            case 0x80 -> big(4);
            case 0x81 -> big(8);
            default -> throw new MalformedRdb("an unknown length at byte " + position());
          };
    };
  }

  void skipString() throws IOException {
    int first = u8();
    if (first >>> 6 != 3) {
      skip(length(first));
      return;
    }
    switch (first & 0x3f) {
      case INT8 -> skip(1);
      case INT16 -> skip(2);
      case INT32 -> skip(4);
      case LZF -> {
        long packed = length();
        length();
        skip(packed);
      }
      default -> throw new MalformedRdb("an unknown encoding at byte " + position());
    }
  }

  /** A short string, numbers as text; packed ones are skipped and give nothing. */
  String text() throws IOException {
    int first = u8();
    if (first >>> 6 != 3) {
      long length = length(first);
      if (length > LONGEST_TEXT) {
        skip(length);
        return "";
      }
      byte[] bytes = new byte[(int) length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) u8();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
    return switch (first & 0x3f) {
      case INT8 -> String.valueOf((byte) u8());
      case INT16 -> String.valueOf((short) (u8() | u8() << 8));
      case INT32 -> String.valueOf(u8() | u8() << 8 | u8() << 16 | u8() << 24);
      case LZF -> {
        long packed = length();
        length();
        skip(packed);
        yield "";
      }
      default -> throw new MalformedRdb("an unknown encoding at byte " + position());
    };
  }

  private long big(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  private boolean refill() throws IOException {
    checksum();
    before += at;
    from = 0;
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
