package io.keepset.drivers.engine.postgresql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Counts line ends, eight bytes at a time: all data of every dump passes here, and is not to take
 * longer for it.
 */
final class LineEnds {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long LINE_ENDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  private LineEnds() {}

  static long count(byte[] bytes, int offset, int length) {
    long found = 0;
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      long zeroWhereFound = (long) EIGHT.get(bytes, at) ^ LINE_ENDS;
      // The highest bit of a byte stays clear if all of its bits are.
      long others = ((zeroWhereFound & LOW_BITS) + LOW_BITS) | zeroWhereFound | LOW_BITS;
      found += Long.bitCount(~others);
    }
    for (; at < end; at++) {
      found += bytes[at] == '\n' ? 1 : 0;
    }
    return found;
  }
}
