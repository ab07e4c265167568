package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import io.keepset.drivers.stream.Crc64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.bson.BsonBinaryWriter;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/**
 * An archive as {@code mongodump --archive} makes it, read from the server as somebody reads it
 * from here: one collection after the other, never more than a batch in memory. What the driver
 * throws comes through.
 */
final class ArchiveWriter extends InputStream {
  static final String TOOL = "keepset";
  private static final int ENOUGH = 256 * 1024;
  private static final long BATCH_BYTES = 2L << 20;
  private static final int USUAL_BATCH = 1000;
  private static final int MOST_AT_ONCE = 10_000;

  private final MongoDatabase database;
  private final List<Announced> collections;
  private BasicOutputBuffer out = new BasicOutputBuffer(ENOUGH);
  private ByteBuffer ready = ByteBuffer.allocate(0);
  private int next;
  private boolean begun;
  private Optional<MongoCursor<RawBsonDocument>> cursor = Optional.empty();
  private Crc64 crc = Crc64.ecma();

  ArchiveWriter(MongoDatabase database, ServerVersion server, List<Announced> collections) {
    this.database = database;
    this.collections = collections;
    number(ArchiveParser.MAGIC);
    document(
        new BsonDocument("concurrent_collections", new BsonInt32(1))
            .append("version", new BsonString("0.1"))
            .append("server_version", new BsonString(server.text()))
            .append("tool_version", new BsonString(TOOL)));
    for (Announced collection : collections) {
      document(collection.document());
    }
    number(ArchiveParser.TERMINATOR);
    flush();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    while (!ready.hasRemaining()) {
      if (!fill()) {
        return -1;
      }
    }
    int n = Math.min(length, ready.remaining());
    ready.get(bytes, offset, n);
    return n;
  }

  /** False if nothing is left. */
  private boolean fill() {
    if (next == collections.size()) {
      return false;
    }
    Announced collection = collections.get(next);
    if (!begun) {
      begin(collection);
    }
    if (cursor.isEmpty() || !more(cursor.get())) {
      end(collection);
    }
    flush();
    return true;
  }

  /** A batch of documents; false if there are no more. */
  private boolean more(MongoCursor<RawBsonDocument> documents) {
    while (out.getPosition() < ENOUGH) {
      if (!documents.hasNext()) {
        return false;
      }
      RawBsonDocument document = documents.next();
      byte[] bytes = document.getBackingArray();
      crc.update(bytes, document.getByteOffset(), document.getByteLength());
      out.writeBytes(bytes, document.getByteOffset(), document.getByteLength());
    }
    return true;
  }

  private void begin(Announced collection) {
    block(collection.namespace(), false, 0);
    crc = Crc64.ecma();
    // A view has no documents of its own: its definition is all there is to keep.
    if (!collection.view()) {
      cursor =
          Optional.of(
              database
                  .getCollection(collection.namespace().collection(), RawBsonDocument.class)
                  .find()
                  .batchSize(batch(collection.namespace().collection()))
                  .iterator());
    }
    begun = true;
  }

  /** So many documents that an answer of the server stays small, whatever their size. */
  private int batch(String collection) {
    try {
      BsonDocument stats =
          database.runCommand(
              new BsonDocument("collStats", new BsonString(collection)), BsonDocument.class);
      long average =
          stats.containsKey("avgObjSize") ? stats.getNumber("avgObjSize").longValue() : 0;
      return (int) Math.max(10, Math.min(MOST_AT_ONCE, BATCH_BYTES / Math.max(1, average)));
    } catch (MongoCommandException e) {
      return USUAL_BATCH; // A right of its own; the documents can be read without it.
    }
  }

  private void end(Announced collection) {
    close();
    number(ArchiveParser.TERMINATOR);
    block(collection.namespace(), true, crc.value());
    number(ArchiveParser.TERMINATOR);
    next++;
    begun = false;
  }

  private void block(Namespace namespace, boolean last, long checksum) {
    document(
        new BsonDocument("db", new BsonString(namespace.database()))
            .append("collection", new BsonString(namespace.collection()))
            .append("EOF", BsonBoolean.valueOf(last))
            .append("CRC", new BsonInt64(checksum)));
  }

  private void number(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void document(BsonDocument document) {
    try (BasicOutputBuffer alone = new BasicOutputBuffer();
        BsonBinaryWriter writer = new BsonBinaryWriter(alone)) {
      new BsonDocumentCodec().encode(writer, document, EncoderContext.builder().build());
      out.writeBytes(alone.toByteArray());
    }
  }

  private void flush() {
    ready = ByteBuffer.wrap(out.toByteArray());
    out.close();
    out = new BasicOutputBuffer(ENOUGH);
  }

  @Override
  public void close() {
    cursor.ifPresent(MongoCursor::close);
    cursor = Optional.empty();
  }
}
