package io.keepset.drivers.engine.redis;

/**
 * The checksum at the end of an RDB file: CRC-64 by Jones, reflected, without inversion (Redis,
 * {@code crc64.c}). Eight bytes a step.
 */
final class Crc64 {
  private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;
  private static final long[][] TABLE = new long[8][256];

  static {
    for (int n = 0; n < 256; n++) {
      long crc = n;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
      }
      TABLE[0][n] = crc;
    }
    for (int n = 0; n < 256; n++) {
      for (int slice = 1; slice < 8; slice++) {
        long crc = TABLE[slice - 1][n];
        TABLE[slice][n] = TABLE[0][(int) (crc & 0xff)] ^ (crc >>> 8);
      }
    }
  }

  private long crc;

  long value() {
    return crc;
  }

  void update(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long state = crc;
    while (end - at >= 8) {
      state ^= little(bytes, at);
      state =
          TABLE[7][(int) (state & 0xff)]
              ^ TABLE[6][(int) (state >>> 8 & 0xff)]
              ^ TABLE[5][(int) (state >>> 16 & 0xff)]
              ^ TABLE[4][(int) (state >>> 24 & 0xff)]
              ^ TABLE[3][(int) (state >>> 32 & 0xff)]
              ^ TABLE[2][(int) (state >>> 40 & 0xff)]
              ^ TABLE[1][(int) (state >>> 48 & 0xff)]
              ^ TABLE[0][(int) (state >>> 56)];
      at += 8;
    }
    for (; at < end; at++) {
      state = TABLE[0][(int) ((state ^ bytes[at]) & 0xff)] ^ (state >>> 8);
    }
    crc = state;
  }

  /** Eight bytes, the lowest first. */
  static long little(byte[] bytes, int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
