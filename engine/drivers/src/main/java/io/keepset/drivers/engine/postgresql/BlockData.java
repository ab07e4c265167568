package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.ArchiveHeader.Compression;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks at the data of one block as it passes. Unpacked {@code COPY} data must end with its end
 * mark, so data that was cut off inside a well-formed block is seen too; zlib data must unpack and
 * carry its checksum. Rows are counted: a line is one, as line ends within values are escaped.
 */
final class BlockData implements ArchiveInput.Sink {
  /** Backslash, dot, and the empty lines that pg_dump puts after it. */
  private static final byte[] END_OF_COPY = {'\\', '.', '\n', '\n', '\n'};

  private static final int LINES_OF_END = 3;

  private final Compression compression;
  private final byte[] last = new byte[END_OF_COPY.length];
  private final byte[] unpacked = new byte[64 * 1024];
  private final Inflater inflater = new Inflater();
  private boolean any;
  private long lines;

  BlockData(Compression compression) {
    this.compression = compression;
  }

  void begin() {
    any = false;
    lines = 0;
    Arrays.fill(last, (byte) 0);
    if (compression == Compression.GZIP) {
      inflater.reset();
    }
  }

  @Override
  public void take(byte[] bytes, int offset, int length) throws MalformedArchive {
    any = true;
    switch (compression) {
      case NONE -> remember(bytes, offset, length);
      case GZIP -> inflate(bytes, offset, length);
      case LZ4, ZSTD -> {}
    }
  }

  void end(boolean copy, String name) throws MalformedArchive {
    switch (compression) {
      case NONE -> requireEndOfCopy(copy, name);
      case GZIP -> {
        if (any && !inflater.finished()) {
          throw new MalformedArchive("the packed data of " + name + " is cut off");
        }
        requireEndOfCopy(copy, name);
      }
      case LZ4, ZSTD -> {}
    }
  }

  /** Of the {@code COPY} data of a block that was taken to its end and is not packed unknown. */
  long rows() {
    return Math.max(0, lines - LINES_OF_END);
  }

  private void requireEndOfCopy(boolean copy, String name) throws MalformedArchive {
    if (copy && !Arrays.equals(last, END_OF_COPY)) {
      throw new MalformedArchive("the data of " + name + " is cut off");
    }
  }

  private void remember(byte[] bytes, int offset, int length) {
    lines += LineEnds.count(bytes, offset, length);
    int keep = last.length;
    if (length >= keep) {
      System.arraycopy(bytes, offset + length - keep, last, 0, keep);
    } else {
      System.arraycopy(last, length, last, 0, keep - length);
      System.arraycopy(bytes, offset, last, keep - length, length);
    }
  }

  private void inflate(byte[] bytes, int offset, int length) throws MalformedArchive {
    inflater.setInput(bytes, offset, length);
    try {
      while (!inflater.needsInput() && !inflater.finished()) {
        int n = inflater.inflate(unpacked);
        if (n == 0 && inflater.needsDictionary()) {
          throw new MalformedArchive("packed data asks for a dictionary");
        }
        remember(unpacked, 0, n);
      }
    } catch (DataFormatException e) {
      throw new MalformedArchive("packed data is damaged: " + e.getMessage());
    }
  }
}
