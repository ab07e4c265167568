package io.keepset.drivers.stream;

/**
 * CRC-64, reflected, eight bytes a step: that of an RDB file ({@code crc64.c} of Redis), or that of
 * a mongodump archive ({@code hash/crc64} of Go, table ECMA; the same as in {@code .xz}).
 */
public final class Crc64 {
  private static final long[][] JONES = table(0x95ac9329ac4bc9b5L);
  private static final long[][] ECMA = table(0xc96c5795d7870f42L);

  private final long[][] table;

  /** What goes over the state at the beginning and at the end. */
  private final long mask;

  private long crc;

  private Crc64(long[][] table, long mask) {
    this.table = table;
    this.mask = mask;
    this.crc = mask;
  }

  /** By Jones, without inversion. */
  public static Crc64 jones() {
    return new Crc64(JONES, 0);
  }

  /** Of ECMA-182, inverted. */
  public static Crc64 ecma() {
    return new Crc64(ECMA, -1L);
  }

  private static long[][] table(long polynomial) {
    long[][] table = new long[8][256];
    for (int n = 0; n < 256; n++) {
      long crc = n;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ polynomial;
      }
      table[0][n] = crc;
    }
    for (int n = 0; n < 256; n++) {
      for (int slice = 1; slice < 8; slice++) {
        long crc = table[slice - 1][n];
        table[slice][n] = table[0][(int) (crc & 0xff)] ^ (crc >>> 8);
      }
    }
    return table;
  }

  public long value() {
    return crc ^ mask;
  }

  public void update(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long state = crc;
    while (end - at >= 8) {
      state ^= little(bytes, at);
      state =
          table[7][(int) (state & 0xff)]
              ^ table[6][(int) (state >>> 8 & 0xff)]
              ^ table[5][(int) (state >>> 16 & 0xff)]
              ^ table[4][(int) (state >>> 24 & 0xff)]
              ^ table[3][(int) (state >>> 32 & 0xff)]
              ^ table[2][(int) (state >>> 40 & 0xff)]
              ^ table[1][(int) (state >>> 48 & 0xff)]
              ^ table[0][(int) (state >>> 56)];
      at += 8;
    }
    for (; at < end; at++) {
      state = table[0][(int) ((state ^ bytes[at]) & 0xff)] ^ (state >>> 8);
    }
    crc = state;
  }

  /** Eight bytes, the lowest first. */
  private static long little(byte[] bytes, int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
