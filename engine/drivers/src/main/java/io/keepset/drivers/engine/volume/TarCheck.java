package io.keepset.drivers.engine.volume;

import io.keepset.drivers.stream.OuterStream;
import io.keepset.drivers.stream.TarTail;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a tar.gz to its last byte: checksum of gzip, every entry of tar, the end mark of tar, and
 * no entry that would lie outside the directory it is unpacked in.
 */
final class TarCheck {
  static final String FORMAT = "tar.gz";

  private TarCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    OuterStream outer = new OuterStream(artifact);
    try {
      return read(outer);
    } catch (IOException | IllegalArgumentException e) {
      if (outer.failure().isPresent()) {
        throw outer.failure().get();
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
    try (TarTail tail = new TarTail(new GZIPInputStream(artifact, 64 * 1024));
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
}
