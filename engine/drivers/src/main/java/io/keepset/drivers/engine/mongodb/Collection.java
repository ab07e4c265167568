package io.keepset.drivers.engine.mongodb;

import com.mongodb.client.MongoDatabase;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * A collection or view as a server lists it.
 *
 * @param type {@code collection}, {@code view} or {@code timeseries}
 */
record Collection(String name, String type, BsonDocument options, Optional<BsonBinary> uuid) {
  /** What restores keep and use; no backup takes it along. */
  static final String BEFORE = "keepset_before_";

  static final String RESTORING = "keepset_restoring_";

  private static final JsonWriterSettings CANONICAL =
      JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

  static Collection of(RawBsonDocument listed) {
    BsonDocument info = listed.isDocument("info") ? listed.getDocument("info") : new BsonDocument();
    return new Collection(
        Announced.text(listed, "name"),
        listed.isString("type") ? Announced.text(listed, "type") : "collection",
        listed.isDocument("options") ? listed.getDocument("options") : new BsonDocument(),
        info.isBinary("uuid") ? Optional.of(info.getBinary("uuid")) : Optional.empty());
  }

  boolean view() {
    return type.equals("view");
  }

  boolean timeSeries() {
    return type.equals("timeseries");
  }

  boolean ours() {
    return name.startsWith(BEFORE) || name.startsWith(RESTORING);
  }

  boolean excluded(List<String> names) {
    return ours() || names.contains(name);
  }

  /** What an archive says of it, with its indexes. */
  Announced announce(MongoDatabase database) {
    BsonArray indexes = new BsonArray();
    if (!view()) {
      database
          .getCollection(name)
          .listIndexes(BsonDocument.class)
          .forEach((java.util.function.Consumer<BsonValue>) indexes::add);
    }
    BsonDocument metadata = new BsonDocument();
    if (!options.isEmpty()) {
      metadata.append("options", options);
    }
    metadata.append("indexes", indexes);
    uuid.ifPresent(id -> metadata.append("uuid", new BsonString(hex(id.getData()))));
    metadata.append("collectionName", new BsonString(name));
    metadata.append("type", new BsonString(type));
    return new Announced(new Namespace(database.getName(), name), metadata.toJson(CANONICAL), type);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
