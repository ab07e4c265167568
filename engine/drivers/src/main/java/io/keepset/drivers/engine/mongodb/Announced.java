package io.keepset.drivers.engine.mongodb;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * A collection as the head of an archive announces it.
 *
 * @param metadata options, indexes and UUID as extended JSON; empty if there is none
 * @param type {@code collection}, {@code view}, {@code timeseries} or, in older archives, empty
 */
record Announced(Namespace namespace, String metadata, String type) {
  boolean view() {
    return type.equals("view") || (type.isEmpty() && metadata.contains("\"viewOn\""));
  }

  boolean timeSeries() {
    return type.equals("timeseries");
  }

  /** As in the archive. */
  BsonDocument document() {
    return new BsonDocument("db", new BsonString(namespace.database()))
        .append("collection", new BsonString(namespace.collection()))
        .append("metadata", new BsonString(metadata))
        .append("size", new BsonInt32(0))
        .append("type", new BsonString(type));
  }

  /** What the head of an archive says of one collection. */
  static Announced of(BsonDocument document) {
    return new Announced(
        new Namespace(text(document, "db"), text(document, "collection")),
        text(document, "metadata"),
        text(document, "type"));
  }

  static String text(BsonDocument document, String key) {
    return document.isString(key) ? document.getString(key).getValue() : "";
  }
}
