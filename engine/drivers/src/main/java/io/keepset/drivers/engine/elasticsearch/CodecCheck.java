package io.keepset.drivers.engine.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Checks a blob by the footer that Lucene puts behind every file of its own: a magic number, the
 * algorithm 0, and the CRC-32 of all before it (Lucene, {@code CodecUtil}).
 */
final class CodecCheck {
  private static final int HEADER_MAGIC = 0x3fd76c17;
  private static final int FOOTER_MAGIC = 0xc02893e8;
  private static final int CHECKSUM = 8;
  private static final int FOOTER = 16;

  private final CRC32 crc = new CRC32();
  private final byte[] held = new byte[FOOTER];
  private int holds;
  private int magic;
  private long size;

  /** What is wrong with it, reading it to its end. */
  static Optional<String> wrong(InputStream blob) throws IOException {
    CodecCheck check = new CodecCheck();
    byte[] buffer = new byte[64 * 1024];
    for (int n = blob.read(buffer); n >= 0; n = blob.read(buffer)) {
      check.add(buffer, n);
    }
    return check.result();
  }

  /** The last bytes are held back until it is known that more follow. */
  private void add(byte[] bytes, int length) {
    for (int i = 0; i < length && size + i < 4; i++) {
      magic = magic << 8 | (bytes[i] & 0xff);
    }
    size += length;
    int spill = Math.max(0, holds + length - FOOTER);
    int fromHeld = Math.min(spill, holds);
    crc.update(held, 0, fromHeld);
    System.arraycopy(held, fromHeld, held, 0, holds - fromHeld);
    holds -= fromHeld;
    int fromBytes = spill - fromHeld;
    crc.update(bytes, 0, fromBytes);
    System.arraycopy(bytes, fromBytes, held, holds, length - fromBytes);
    holds += length - fromBytes;
  }

  private Optional<String> result() {
    if (size < 4 + FOOTER || magic != HEADER_MAGIC) {
      return Optional.of("it does not begin as a file of Lucene");
    }
    ByteBuffer footer = ByteBuffer.wrap(held);
    if (footer.getInt() != FOOTER_MAGIC || footer.getInt() != 0) {
      return Optional.of("its footer is missing");
    }
    crc.update(held, 0, FOOTER - CHECKSUM);
    return footer.getLong() == crc.getValue()
        ? Optional.empty()
        : Optional.of("its checksum does not hold");
  }
}
