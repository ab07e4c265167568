package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.ArchiveHeader.Compression;
import java.util.function.ObjLongConsumer;

/**
 * Counts the rows in the blocks of data of a custom archive as they pass, in whatever pieces they
 * come. It judges nothing: where the bytes make no sense it stops looking; {@link ArchiveCheck}
 * says why.
 */
final class BlockTap {
  private static final int DATA = 1;
  private static final int LARGE_OBJECTS = 3;

  private enum Part {
    TYPE,
    ID,
    LARGE_OBJECT,
    LENGTH,
    BYTES,
    NONSENSE
  }

  private final int intSize;
  private final BlockData data;
  private final ObjLongConsumer<Integer> blocks;
  private Part part = Part.TYPE;
  private int type;
  private int id;
  private int left;
  private long number;
  private int digits;

  /**
   * @param intSize bytes of a number, beside that of its sign
   * @param blocks hears number and rows of each block that has ended
   */
  BlockTap(int intSize, Compression compression, ObjLongConsumer<Integer> blocks) {
    this.intSize = intSize;
    this.data = new BlockData(compression);
    this.blocks = blocks;
  }

  void take(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    try {
      while (at < end && part != Part.NONSENSE) {
        if (part == Part.BYTES) {
          int n = Math.min(left, end - at);
          data.take(bytes, at, n);
          left -= n;
          at += n;
          part = left == 0 ? Part.LENGTH : Part.BYTES;
        } else if (part == Part.TYPE) {
          type = bytes[at++];
          part = type == DATA || type == LARGE_OBJECTS ? Part.ID : Part.NONSENSE;
        } else {
          digit(bytes[at++]);
        }
      }
    } catch (MalformedArchive e) {
      part = Part.NONSENSE;
    }
  }

  /** The first says whether it is negative, the lowest comes next. */
  private void digit(byte value) {
    if (digits == 0) {
      number = value == 0 ? 0 : -1;
    } else if (number >= 0) {
      number |= (value & 0xffL) << (8 * (digits - 1));
    }
    digits++;
    if (digits > intSize) {
      digits = 0;
      ended(number);
    }
  }

  private void ended(long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      part = Part.NONSENSE;
    } else if (part == Part.ID) {
      id = (int) value;
      data.begin();
      part = type == DATA ? Part.LENGTH : Part.LARGE_OBJECT;
    } else if (part == Part.LARGE_OBJECT) {
      data.begin();
      part = value == 0 ? Part.TYPE : Part.LENGTH;
    } else if (value > 0) {
      left = (int) value;
      part = Part.BYTES;
    } else if (type == LARGE_OBJECTS) {
      part = Part.LARGE_OBJECT;
    } else {
      blocks.accept(id, data.rows());
      part = Part.TYPE;
    }
  }
}
