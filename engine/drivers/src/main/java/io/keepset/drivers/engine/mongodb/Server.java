package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/** A connection to a deployment, and what it says of itself. Close it. */
record Server(MongoClient client, Address address, ServerVersion version, boolean sharded)
    implements AutoCloseable {

  static Server open(Address address) throws DriverException {
    MongoClient client = MongoClients.create(address.settings());
    try {
      MongoDatabase admin = client.getDatabase("admin");
      BsonDocument build = ask(admin, "buildInfo");
      BsonDocument hello = ask(admin, "isMaster");
      return new Server(
          client,
          address,
          new ServerVersion(Announced.text(build, "version")),
          Announced.text(hello, "msg").equals("isdbgrid"));
    } catch (MongoException e) {
      client.close();
      throw Failures.explain("connecting", e, address);
    }
  }

  private static BsonDocument ask(MongoDatabase admin, String command) {
    return admin.runCommand(new BsonDocument(command, new BsonInt32(1)), BsonDocument.class);
  }

  MongoDatabase database() {
    return client.getDatabase(address.database());
  }

  /** Empty if this login may not ask, or the server does not know such a thing. */
  Optional<String> compatibility() {
    BsonDocument command =
        new BsonDocument("getParameter", new BsonInt32(1))
            .append("featureCompatibilityVersion", new BsonInt32(1));
    try {
      BsonDocument answer = client.getDatabase("admin").runCommand(command, BsonDocument.class);
      return Optional.of(
          answer.getDocument("featureCompatibilityVersion").getString("version").getValue());
    } catch (MongoException | org.bson.BsonInvalidOperationException e) {
      return Optional.empty();
    }
  }

  /** Every collection and view of a database, in order of name, those of the server left out. */
  static List<Collection> collections(MongoDatabase database) {
    List<Collection> all = new ArrayList<>();
    for (RawBsonDocument found : database.listCollections(RawBsonDocument.class)) {
      Collection collection = Collection.of(found);
      if (!collection.name().startsWith("system.")) {
        all.add(collection);
      }
    }
    all.sort(Comparator.comparing(Collection::name));
    return all;
  }

  /** Renames a collection inside its database. */
  void rename(MongoDatabase database, String from, String to) {
    client
        .getDatabase("admin")
        .runCommand(
            new BsonDocument("renameCollection", new BsonString(database.getName() + "." + from))
                .append("to", new BsonString(database.getName() + "." + to)));
  }

  @Override
  public void close() {
    client.close();
  }
}
