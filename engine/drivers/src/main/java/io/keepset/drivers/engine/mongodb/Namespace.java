package io.keepset.drivers.engine.mongodb;

/** A collection and its database; the oplog in an archive has no database. */
record Namespace(String database, String collection) implements Comparable<Namespace> {
  /** Where the server keeps the documents of a time series. */
  static final String BUCKETS = "system.buckets.";

  Namespace buckets() {
    return new Namespace(database, BUCKETS + collection);
  }

  @Override
  public int compareTo(Namespace other) {
    int byDatabase = database.compareTo(other.database);
    return byDatabase != 0 ? byDatabase : collection.compareTo(other.collection);
  }

  @Override
  public String toString() {
    return database + "." + collection;
  }
}
