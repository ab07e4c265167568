package io.keepset.drivers.engine.volume;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar.gz to its last byte: checksum of gzip, every entry of tar, the end mark of tar, and
 * no entry that would lie outside the directory it is unpacked in.
 */
final class TarCheck {
  static final String FORMAT = "tar.gz";
  private static final int END_MARK = 1024;

  private TarCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    Outer outer = new Outer(artifact);
    try {
      return read(outer);
    } catch (IOException | IllegalArgumentException e) {
      if (outer.failure != null) {
        throw outer.failure;
      }
      String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
      return Verdict.bad("this is not a whole tar.gz: " + why);
    }
  }

  static ArtifactFacts facts(long entries, long bytes) {
    return new ArtifactFacts(
        FORMAT,
        new TreeMap<>(
            Map.of("entries", String.valueOf(entries), "tar_bytes", String.valueOf(bytes))));
  }

  private static Verdict read(InputStream artifact) throws IOException {
    try (Tail tail = new Tail(new GZIPInputStream(artifact, 64 * 1024));
        TarArchiveInputStream tar = new TarArchiveInputStream(tail, "UTF-8")) {
      long entries = 0;
      long files = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (outside(entry.getName())) {
          return Verdict.bad("it holds an entry outside its directory: " + entry.getName());
        }
        entries++;
        files += entry.isFile() ? 1 : 0;
      }
      tail.drain();
      if (entries == 0) {
        return Verdict.bad("it holds nothing");
      }
      if (!tail.endsWithMark()) {
        return Verdict.bad("this is not a whole tar.gz: the end mark of tar is missing");
      }
      return Verdict.good(
          facts(entries, tail.size()),
          List.of(entries + " entries, " + files + " of them files, all read to their end"));
    }
  }

  private static boolean outside(String name) {
    return name.startsWith("/")
        || name.equals("..")
        || name.startsWith("../")
        || name.endsWith("/..")
        || name.contains("/../");
  }

  /** Tells trouble with the artifact's source from trouble with its content. */
  private static final class Outer extends FilterInputStream {
    @Nullable IOException failure;

    Outer(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  /** Counts the bytes of the tar and remembers whether the last of them were zero. */
  private static final class Tail extends FilterInputStream {
    private long size;
    private long zeros;

    Tail(InputStream in) {
      super(in);
    }

    long size() {
      return size;
    }

    boolean endsWithMark() {
      return zeros >= END_MARK && size % 512 == 0;
    }

    /** Reads the padding after the end mark; the checksum is behind it. */
    void drain() throws IOException {
      byte[] buffer = new byte[64 * 1024];
      int n = 0;
      while (n >= 0) {
        n = read(buffer, 0, buffer.length);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] buffer = new byte[(int) Math.min(count, 64 * 1024)];
      int n = read(buffer, 0, buffer.length);
      return Math.max(0, n);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        size += n;
        int at = n;
        while (at > 0 && bytes[offset + at - 1] == 0) {
          at--;
        }
        zeros = at == 0 ? zeros + n : n - at;
      }
      return n;
    }
  }
}
