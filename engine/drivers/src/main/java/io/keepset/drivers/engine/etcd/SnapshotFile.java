package io.keepset.drivers.engine.etcd;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a snapshot to its end: a bbolt file, whole pages of it, and the SHA-256 of all that behind
 * it. The same that {@code etcdctl snapshot restore} checks; {@code snapshot status} does not.
 */
final class SnapshotFile {
  static final String FORMAT = "etcd-snapshot";
  static final int TRAILER = 32;

  private static final int HEAD = 80;
  private static final int SECTOR = 512;
  private static final int KEPT = 1 << 17;

  private final MessageDigest digest;
  private final byte[] head = new byte[HEAD];
  private final byte[] held = new byte[TRAILER];
  private int heldSize;
  private long size;

  private SnapshotFile() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static Verdict verdict(InputStream artifact) throws IOException {
    SnapshotFile file = new SnapshotFile();
    byte[] buffer = new byte[KEPT];
    for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
      file.add(buffer, n);
    }
    return file.verdict();
  }

  private void add(byte[] bytes, int length) {
    for (int i = 0; i < length && size + i < HEAD; i++) {
      head[(int) size + i] = bytes[i];
    }
    size += length;
    // The last bytes so far may be the checksum: they are held back.
    int over = heldSize + length - TRAILER;
    if (over <= 0) {
      System.arraycopy(bytes, 0, held, heldSize, length);
      heldSize += length;
      return;
    }
    int fromHeld = Math.min(over, heldSize);
    digest.update(held, 0, fromHeld);
    System.arraycopy(held, fromHeld, held, 0, heldSize - fromHeld);
    heldSize -= fromHeld;
    int fromBytes = over - fromHeld;
    digest.update(bytes, 0, fromBytes);
    System.arraycopy(bytes, fromBytes, held, heldSize, length - fromBytes);
    heldSize += length - fromBytes;
  }

  private Verdict verdict() {
    ByteBuffer meta = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (size < HEAD || meta.getInt(Bolt.META) != Bolt.MAGIC) {
      return Verdict.bad("the file is no snapshot of etcd 3");
    }
    if (size % SECTOR != TRAILER) {
      return Verdict.bad(
          size % SECTOR == 0
              ? "the file has no checksum at its end: it is a copy of a member's database, which"
                  + " nobody can check; take a snapshot"
              : "the file was cut off, or something was added: its length is "
                  + size
                  + " bytes, not whole blocks of "
                  + SECTOR
                  + " and a checksum");
    }
    if (!MessageDigest.isEqual(digest.digest(), held)) {
      return Verdict.bad("the checksum at the end of the file is not that of its bytes");
    }
    ArtifactFacts facts =
        new ArtifactFacts(
            FORMAT,
            new TreeMap<>(
                Map.of(
                    "database_bytes", String.valueOf(size - TRAILER),
                    "page_size", String.valueOf(meta.getInt(Bolt.META + 8)))));
    return Verdict.good(
        facts,
        List.of("etcd snapshot of " + (size - TRAILER) + " bytes, its SHA-256 is as it says"));
  }
}
