package io.keepset.drivers.engine.volume;

import io.keepset.drivers.stream.TarGz;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Reads a tar.gz to its last byte: checksum of gzip, every entry of tar, the end mark of tar, and
 * no entry that would lie outside the directory it is unpacked in.
 */
final class TarCheck {
  static final String FORMAT = "tar.gz";

  private long entries;
  private long files;

  private TarCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    TarCheck check = new TarCheck();
    return TarGz.check(artifact, (entry, content) -> check.wrong(entry), check::whole);
  }

  static ArtifactFacts facts(long entries, long bytes) {
    return new ArtifactFacts(
        FORMAT,
        new TreeMap<>(
            Map.of("entries", String.valueOf(entries), "tar_bytes", String.valueOf(bytes))));
  }

  private Optional<String> wrong(TarArchiveEntry entry) {
    if (outside(entry.getName())) {
      return Optional.of("it holds an entry outside its directory: " + entry.getName());
    }
    entries++;
    files += entry.isFile() ? 1 : 0;
    return Optional.empty();
  }

  private Verdict whole(long tarBytes) {
    return entries == 0
        ? Verdict.bad("it holds nothing")
        : Verdict.good(
            facts(entries, tarBytes),
            List.of(entries + " entries, " + files + " of them files, all read to their end"));
  }

  private static boolean outside(String name) {
    return name.startsWith("/")
        || name.equals("..")
        || name.startsWith("../")
        || name.endsWith("/..")
        || name.contains("/../");
  }
}
