package io.keepset.drivers.lab;

import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.runner.artifact.ArtifactCheck;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactWriter;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * A program of its own: makes, checks, reads back and copies one backup of made-up data, and prints
 * the most memory it ever held, in KiB. Arguments: size in MB, directory.
 */
public final class SyntheticBackup {
  private SyntheticBackup() {}

  public static void main(String[] arguments) throws Exception {
    long size = Long.parseLong(arguments[0]) * 1_000_000;
    String key = "synthetic/1/artifact";
    KeyRing keys = KeyRing.of(ArtifactKey.generate(new SecureRandom()));
    try (DirectoryStore store =
            new DirectoryStore(
                new DirectorySettings(Path.of(arguments[1]).resolve("store"), false, () -> true));
        StoreWriter writer = store.create(key)) {
      ArtifactWriter.Written written =
          new ArtifactWriter(keys)
              .write(new Synthetic(size), writer, key, ArtifactCheck.NONE, Progress.NONE);
      writer.commit();
      ArtifactReader.checkStored(written.object(), store, Progress.NONE);
      new ArtifactReader(keys).check(written.object(), store, Progress.NONE);
      if (written.object().plain().size() != size) {
        throw new IllegalStateException(written.toString());
      }
      copy(written.object(), keys, store);
    }
    System.out.println(peak());
  }

  /** As a copy into another store is made: opened with one key, sealed with another. */
  private static void copy(SealedObject original, KeyRing keys, DirectoryStore store)
      throws Exception {
    String key = "synthetic/2/artifact";
    KeyRing others = KeyRing.of(ArtifactKey.generate(new SecureRandom()));
    try (InputStream from = new ArtifactReader(keys).open(original, store, Progress.NONE);
        StoreWriter writer = store.create(key)) {
      ArtifactWriter.Written copied =
          new ArtifactWriter(others).write(from, writer, key, ArtifactCheck.NONE, Progress.NONE);
      writer.commit();
      ArtifactReader.checkStored(copied.object(), store, Progress.NONE);
      if (!copied.object().plain().equals(original.plain())) {
        throw new IllegalStateException(copied.toString());
      }
    }
  }

  private static long peak() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /** Numbers that follow each other in disorder: one byte in four is new. */
  private static final class Synthetic extends InputStream {
    private long left;
    private long state = 1;

    Synthetic(long size) {
      this.left = size;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int n = (int) Math.min(length, left);
      for (int i = offset; i < offset + n; i++) {
        if ((i & 3) == 0) {
          state ^= state << 13;
          state ^= state >>> 7;
          state ^= state << 17;
        }
        bytes[i] = (i & 3) == 0 ? (byte) state : 0;
      }
      left -= n;
      return n;
    }
  }
}
