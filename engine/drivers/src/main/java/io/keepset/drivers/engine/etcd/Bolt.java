package io.keepset.drivers.engine.etcd;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a bbolt file (go.etcd.io/bbolt, {@code page.go}, {@code db.go}, {@code bucket.go}): pages
 * of a B+ tree, numbers little-endian. Only what is reachable from the newest root is read; old
 * pages stay in a file until they are used again. Holds a page at a time on each level.
 */
final class Bolt implements Closeable {
  static final int MAGIC = 0xED0CDAED;

  /** Offset of the meta in its page, behind the page's own header. */
  static final int META = 16;

  private static final int VERSION = 2;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final int ELEMENT = 16;
  private static final int BUCKET_HEADER = 16;
  private static final int META_SIZE = 64;
  private static final int DEEPEST = 50;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final FileChannel file;
  private final long size;
  private int pageSize;
  private long root;

  private Bolt(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  static Bolt open(Path path) throws IOException {
    Bolt bolt = new Bolt(FileChannel.open(path, StandardOpenOption.READ));
    try {
      bolt.readMeta();
      return bolt;
    } catch (IOException | RuntimeException e) {
      bolt.close();
      throw e;
    }
  }

  /** One entry; the buffers are good until the visitor returns. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param at where the value begins in the file
     */
    void entry(ByteBuffer key, ByteBuffer value, long at) throws IOException;
  }

  /** Reads a bucket of the top level in order of its keys; nothing if there is none. */
  void each(String bucket, Visitor visitor) throws IOException {
    Optional<long[]> found = find(bucket);
    if (found.isEmpty()) {
      return;
    }
    long bucketRoot = found.get()[0];
    long at = found.get()[1];
    if (bucketRoot == 0) {
      // A small bucket is a page within the value of its entry.
      int length = (int) found.get()[2];
      leaf(bytes(at + BUCKET_HEADER, length - BUCKET_HEADER), at + BUCKET_HEADER, visitor);
    } else {
      walk(bucketRoot, visitor, 0);
    }
  }

  /** Root page, place and length of a bucket's entry. */
  private Optional<long[]> find(String bucket) throws IOException {
    byte[] name = bucket.getBytes(StandardCharsets.UTF_8);
    long[][] found = new long[1][];
    walk(
        root,
        (key, value, at) -> {
          byte[] bytes = new byte[key.remaining()];
          key.get(bytes);
          if (Arrays.equals(bytes, name)) {
            found[0] = new long[] {value.getLong(value.position()), at, value.remaining()};
          }
        },
        0);
    return Optional.ofNullable(found[0]);
  }

  private void walk(long page, Visitor visitor, int depth) throws IOException {
    ByteBuffer bytes = page(page);
    int flags = bytes.getShort(8) & 0xffff;
    if ((flags & LEAF) != 0) {
      leaf(bytes, page * pageSize, visitor);
      return;
    }
    if ((flags & BRANCH) == 0 || depth > DEEPEST) {
      throw malformed("page " + page + " is none of the tree");
    }
    int count = bytes.getShort(10) & 0xffff;
    for (int i = 0; i < count; i++) {
      walk(bytes.getLong(META + i * ELEMENT + 8), visitor, depth + 1);
    }
  }

  private void leaf(ByteBuffer bytes, long at, Visitor visitor) throws IOException {
    int count = bytes.getShort(10) & 0xffff;
    try {
      for (int i = 0; i < count; i++) {
        int element = META + i * ELEMENT;
        int from = element + bytes.getInt(element + 4);
        int keySize = bytes.getInt(element + 8);
        int valueSize = bytes.getInt(element + 12);
        visitor.entry(
            slice(bytes, from, keySize),
            slice(bytes, from + keySize, valueSize),
            at + from + keySize);
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("the snapshot is malformed at byte " + at, e);
    }
  }

  private static ByteBuffer slice(ByteBuffer bytes, int from, int length) {
    return bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer page(long page) throws IOException {
    if (page < 0 || page >= size / pageSize) {
      throw malformed("there is no page " + page);
    }
    int overflow = bytes(page * pageSize, META).getInt(12);
    long length = (overflow + 1L) * pageSize;
    if (overflow < 0 || length > Integer.MAX_VALUE - pageSize) {
      throw malformed("page " + page + " has no end");
    }
    return bytes(page * pageSize, (int) length);
  }

  /** Some of the file. */
  ByteBuffer bytes(long from, int length) throws IOException {
    if (from < 0 || length < 0 || from + length > size) {
      throw malformed("it ends before byte " + (from + length));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the snapshot ends too early");
      }
    }
    return bytes.flip();
  }

  /** The newer of the two metas that is whole; a page's size is in both. */
  private void readMeta() throws IOException {
    long newest = -1;
    int guess = bytes(0, META + META_SIZE).getInt(META + 8);
    for (long at : new long[] {0, guess}) {
      ByteBuffer meta = bytes(at + META, META_SIZE);
      boolean whole =
          meta.getInt(0) == MAGIC
              && meta.getInt(4) == VERSION
              && meta.getLong(META_SIZE - 8) == checksum(meta);
      if (whole && meta.getLong(META_SIZE - 16) > newest) {
        newest = meta.getLong(META_SIZE - 16);
        pageSize = meta.getInt(8);
        root = meta.getLong(16);
      }
    }
    if (newest < 0 || pageSize < 512) {
      throw malformed("it has no root");
    }
  }

  /** FNV-1a, 64 bits. */
  private static long checksum(ByteBuffer meta) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < META_SIZE - 8; i++) {
      hash = (hash ^ (meta.get(i) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static IOException malformed(String what) {
    return new IOException("the snapshot is malformed: " + what);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
