package io.keepset.drivers.engine.s3;

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

/** Reads an archive of objects to its end, and counts them. */
final class ObjectsCheck {
  static final String FORMAT = "tar.gz";

  private long objects;
  private long bytes;

  private ObjectsCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    ObjectsCheck check = new ObjectsCheck();
    return TarGz.check(artifact, (entry, content) -> check.wrong(entry), unused -> check.whole());
  }

  static ArtifactFacts facts(long objects, long bytes) {
    return new ArtifactFacts(
        FORMAT,
        new TreeMap<>(
            Map.of("objects", String.valueOf(objects), "object_bytes", String.valueOf(bytes))));
  }

  private Optional<String> wrong(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return Optional.empty(); // Of another tar: a bucket has none.
    }
    if (!entry.isFile()) {
      return Optional.of(
          "it holds " + entry.getName() + ", which is no file: no object can be made of it");
    }
    objects++;
    bytes += entry.getSize();
    return Optional.empty();
  }

  private Verdict whole() {
    return Verdict.good(
        facts(objects, bytes),
        List.of(objects + " objects, " + bytes + " bytes, all read to their end"));
  }
}
