package io.keepset.drivers.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds a byte among many, eight at a step. */
public final class ByteSearch {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private ByteSearch() {}

  /**
   * @return where the first one is, or {@code to} if there is none
   */
  public static int find(byte[] bytes, int from, int to, byte wanted) {
    long pattern = (wanted & 0xffL) * ONES;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      // A wanted byte becomes 0; the lowest 0 is the lowest byte that loses its high bit to 1 here.
      long zeroed = (long) LONGS.get(bytes, at) ^ pattern;
      long found = (zeroed - ONES) & ~zeroed & HIGH;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }
}
