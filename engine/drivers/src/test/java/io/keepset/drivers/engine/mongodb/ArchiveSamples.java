package io.keepset.drivers.engine.mongodb;

import io.keepset.drivers.stream.Crc64;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * Archives put together by hand, after the specification in mongo-tools ({@code
 * common/archive/spec.md}) and not by the writer under test.
 */
final class ArchiveSamples {
  record Part(String database, String collection, List<byte[]> documents) {}

  private ArchiveSamples() {}

  static Part collection(String database, String name, int documents) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      all.add(bson("{\"_id\": " + i + ", \"value\": \"v" + i + "\"}"));
    }
    return new Part(database, name, all);
  }

  static byte[] archive(Part... parts) {
    return archive("6.0.14", parts);
  }

  /** The documents of all collections by turns, as several threads of mongodump write them. */
  static byte[] archive(String serverVersion, Part... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 0x8199e26d);
    out.writeBytes(
        bson(
            "{\"concurrent_collections\": 4, \"version\": \"0.1\", \"server_version\": \""
                + serverVersion
                + "\", \"tool_version\": \"100.12.2\"}"));
    for (Part part : parts) {
      out.writeBytes(
          bson(
              "{\"db\": \"%s\", \"collection\": \"%s\", \"metadata\": \"{\\\"indexes\\\":[]}\","
                      .formatted(part.database(), part.collection())
                  + " \"size\": 0, \"type\": \"collection\"}"));
    }
    number(out, -1);
    int most = 0;
    for (Part part : parts) {
      most = Math.max(most, part.documents().size());
    }
    for (int i = 0; i < most; i++) {
      for (Part part : parts) {
        if (i < part.documents().size()) {
          out.writeBytes(block(part, false, 0));
          out.writeBytes(part.documents().get(i));
          number(out, -1);
        }
      }
    }
    for (Part part : parts) {
      Crc64 crc = Crc64.ecma();
      part.documents().forEach(document -> crc.update(document, 0, document.length));
      out.writeBytes(block(part, true, crc.value()));
      number(out, -1);
    }
    return out.toByteArray();
  }

  private static byte[] block(Part part, boolean last, long crc) {
    return bson(
        "{\"db\": \"%s\", \"collection\": \"%s\", \"EOF\": %s, \"CRC\": {\"$numberLong\": \"%s\"}}"
            .formatted(part.database(), part.collection(), last, crc));
  }

  static byte[] bson(String json) {
    RawBsonDocument raw =
        new RawBsonDocument(BsonDocument.parse(json), new org.bson.codecs.BsonDocumentCodec());
    byte[] bytes = new byte[raw.getByteLength()];
    System.arraycopy(raw.getBackingArray(), raw.getByteOffset(), bytes, 0, bytes.length);
    return bytes;
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
