package io.keepset.drivers.engine.mongodb;

import io.keepset.drivers.stream.OuterStream;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads an archive to its last byte, without a server: the checksum of gzip, the structure of every
 * document, the CRC-64 of every collection, and that no announced collection is missing.
 */
final class ArchiveCheck {
  private ArchiveCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    OuterStream outer = new OuterStream(artifact);
    ArchiveParser parser = new ArchiveParser(new ArchiveParser.Listener() {}, true);
    try (InputStream archive = new GZIPInputStream(outer, 64 * 1024)) {
      pass(archive, parser);
    } catch (IOException e) {
      if (outer.failure().isPresent()) {
        throw outer.failure().get();
      }
      String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
      return Verdict.bad("this is not a whole archive of mongodump --archive --gzip: " + why);
    }
    Contents contents = parser.contents();
    if (contents.announced().isEmpty()) {
      return Verdict.bad("the archive holds no collection: the database was not there, or hidden");
    }
    return Verdict.good(
        contents.facts(),
        List.of(
            contents.documents()
                + " documents in "
                + contents.announced().size()
                + " collections, all read to their end, all checksums right"));
  }

  /** All of an unpacked archive, to its end. */
  static void pass(InputStream archive, ArchiveParser parser) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int n = archive.read(buffer); n >= 0; n = archive.read(buffer)) {
      parser.accept(buffer, 0, n);
    }
    parser.finish();
  }
}
