package io.keepset.drivers.stream;

import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads a tar.gz to its last byte: checksum of gzip, every entry of tar, the end mark of tar. */
public final class TarGz {
  /** Hears each entry. What it leaves unread is read for it. */
  @FunctionalInterface
  public interface Entries {
    /**
     * @return what is wrong with it, if anything is
     */
    Optional<String> wrong(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  /** What a whole archive means. */
  @FunctionalInterface
  public interface Whole {
    Verdict of(long tarBytes);
  }

  private TarGz() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  public static Verdict check(InputStream artifact, Entries entries, Whole whole)
      throws IOException {
    OuterStream outer = new OuterStream(artifact);
    try {
      return read(outer, entries, whole);
    } catch (IOException | IllegalArgumentException e) {
      if (outer.failure().isPresent()) {
        throw outer.failure().get();
      }
      String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
      return Verdict.bad("this is not a whole tar.gz: " + why);
    }
  }

  private static Verdict read(InputStream artifact, Entries entries, Whole whole)
      throws IOException {
    try (TarTail tail = new TarTail(new GZIPInputStream(artifact, 64 * 1024));
        TarArchiveInputStream tar = new TarArchiveInputStream(tail, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Optional<String> wrong = entries.wrong(entry, tar);
        if (wrong.isPresent()) {
          return Verdict.bad(wrong.get());
        }
      }
      tail.drain();
      if (!tail.endsWithMark()) {
        return Verdict.bad("this is not a whole tar.gz: the end mark of tar is missing");
      }
      return whole.of(tail.size());
    }
  }
}
