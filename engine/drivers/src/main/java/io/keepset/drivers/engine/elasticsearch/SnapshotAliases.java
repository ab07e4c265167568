package io.keepset.drivers.engine.elasticsearch;

import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.smile.SmileFactory;

/**
 * The aliases of an index as a snapshot holds them. A cluster restores them with the index or not
 * at all, and with an index that has another name for a while they would be there twice. They are
 * in the file of the index's metadata: SMILE, often deflated, between a header and a footer of
 * Lucene (Elasticsearch, {@code ChecksumBlobStoreFormat} and {@code DeflateCompressor}).
 */
final class SnapshotAliases {
  private static final int MAGIC = 4;
  private static final int FORMAT_VERSION = 4;
  private static final int FOOTER = 16;
  private static final byte[] DEFLATED = {'D', 'F', 'L', 0};
  private static final int LONGEST = 64 << 20;

  private SnapshotAliases() {}

  /**
   * As the body of a request takes them.
   *
   * @param metadata the file of one index's metadata
   */
  static MapNode read(Path metadata) throws DriverException {
    try {
      return aliases(body(Files.readAllBytes(metadata)));
    } catch (IOException | JacksonException e) {
      throw new DriverException(
          Kind.DAMAGED,
          "the aliases in the backup can't be read, from "
              + metadata.getFileName()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static byte[] body(byte[] file) throws IOException {
    int named = MAGIC < file.length ? file[MAGIC] : -1;
    int begin = MAGIC + 1 + named + FORMAT_VERSION;
    int end = file.length - FOOTER;
    if (named < 0 || begin + DEFLATED.length > end) {
      throw new IOException("it is too short");
    }
    byte[] mark = Arrays.copyOfRange(file, begin, begin + DEFLATED.length);
    if (!Arrays.equals(mark, DEFLATED)) {
      return Arrays.copyOfRange(file, begin, end);
    }
    int packed = begin + DEFLATED.length;
    Inflater inflater = new Inflater(true);
    try (InputStream in =
        new InflaterInputStream(new ByteArrayInputStream(file, packed, end - packed), inflater)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(in.readNBytes(LONGEST + 1));
      if (out.size() > LONGEST) {
        throw new IOException("it holds more than " + (LONGEST >> 20) + " MiB");
      }
      return out.toByteArray();
    } finally {
      inflater.end();
    }
  }

  /** {@code {"index": {…, "aliases": {…}, …}}}. */
  private static MapNode aliases(byte[] smile) {
    try (JsonParser parser = new SmileFactory().createParser(ObjectReadContext.empty(), smile)) {
      parser.nextToken();
      parser.nextToken();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = parser.currentName().equals("aliases");
        parser.nextToken();
        if (found) {
          return Cluster.map(
              JsonText.read(new SourceFile("aliases", json(parser)))
                  .valid()
                  .orElseGet(() -> new MapBuilder().build()));
        }
        parser.skipChildren();
      }
      return new MapBuilder().build();
    }
  }

  private static byte[] json(JsonParser parser) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      out.copyCurrentStructure(parser);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
