package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a database held before a dump of it began, to compare with what arrived: tools end with 0
 * though a database is not there.
 *
 * @param counts documents of each collection, as the server's own books say
 */
record Catalogue(List<Collection> collections, Map<String, Long> counts) {

  static Catalogue ask(MongoDatabase database, List<String> excluded, Address address)
      throws DriverException {
    try {
      List<Collection> collections = new ArrayList<>();
      Map<String, Long> counts = new TreeMap<>();
      for (Collection collection : Server.collections(database)) {
        if (!collection.excluded(excluded)) {
          collections.add(collection);
          if (!collection.view() && !collection.timeSeries()) {
            counts.put(collection.name(), count(database, collection.name()));
          }
        }
      }
      return new Catalogue(List.copyOf(collections), counts);
    } catch (MongoException e) {
      throw Failures.explain("listing collections", e, address);
    }
  }

  static long count(MongoDatabase database, String name) {
    return database.getCollection(name).estimatedDocumentCount();
  }

  void requireSomething(Address address) throws DriverException {
    if (collections.isEmpty()) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no database "
              + address.database()
              + " on "
              + address.where()
              + ", or nothing in it; check connection.database (the block's name if left out)");
    }
  }

  /**
   * What is in neither the archive nor any doubt.
   *
   * @param after the same, asked once the dump was done
   */
  Optional<String> missing(Contents archive, String database, Catalogue after) {
    for (Collection collection : collections) {
      Namespace namespace = new Namespace(database, collection.name());
      boolean announced =
          archive.announced().stream().anyMatch(found -> found.namespace().equals(namespace));
      boolean still =
          after.collections().stream().anyMatch(found -> found.name().equals(collection.name()));
      if (!announced && still) {
        return Optional.of("the collection " + collection.name() + " is not in it");
      }
      long before = counts.getOrDefault(collection.name(), 0L);
      long later = after.counts().getOrDefault(collection.name(), 0L);
      if (still && before > 0 && later > 0 && archive.documents(namespace) == 0) {
        return Optional.of("it holds none of the " + later + " documents of " + collection.name());
      }
    }
    return Optional.empty();
  }

  /** Collections that nobody wrote to, as it seems, and whose number is another all the same. */
  List<String> doubts(Contents archive, String database, Catalogue after) {
    List<String> doubts = new ArrayList<>();
    counts.forEach(
        (name, before) -> {
          long dumped = archive.documents(new Namespace(database, name));
          if (before.equals(after.counts().get(name)) && dumped != before) {
            doubts.add(
                "the backup holds "
                    + dumped
                    + " documents of "
                    + name
                    + ", the server counts "
                    + before);
          }
        });
    return doubts;
  }
}
