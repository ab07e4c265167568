package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Sorts;
import de.bwaldvogel.mongo.MongoServer;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * The fake of a server (mongo-java-server) on a free port, with users. No package has the real one.
 */
final class MongoLab implements AutoCloseable {
  /** Of the user {@code backup}; with what a URI would choke on. */
  static final String PASSWORD = "p@w:/%-" + UUID.randomUUID();

  static final Secrets SECRETS =
      reference ->
          new Secret(
              switch (reference) {
                case "env:BACKUP" -> PASSWORD;
                case "env:NOBODY" -> "nothing";
                default -> "wrong " + PASSWORD;
              });

  private final GuardedBackend backend =
      new GuardedBackend(Map.of("backup", PASSWORD, "nobody", "nothing"));
  private final MongoServer server = new MongoServer(backend);
  private final InetSocketAddress address = server.bind();
  private final MongoClient client =
      MongoClients.create(
          MongoClientSettings.builder()
              .applyToClusterSettings(
                  cluster ->
                      cluster.hosts(List.of(new ServerAddress("127.0.0.1", address.getPort()))))
              .credential(
                  MongoCredential.createCredential("backup", "admin", PASSWORD.toCharArray()))
              .build());

  GuardedBackend backend() {
    return backend;
  }

  MongoDatabase database(String name) {
    return client.getDatabase(name);
  }

  MongoClient client() {
    return client;
  }

  int port() {
    return address.getPort();
  }

  Source source(String database, Map<String, String> options, String... connection) {
    TreeMap<String, String> values = new TreeMap<>();
    values.put("host", "127.0.0.1");
    values.put("port", String.valueOf(address.getPort()));
    values.put("database", database);
    values.put("user", "backup");
    values.put("password", "env:BACKUP");
    values.put("timeout", "60");
    for (int i = 0; i < connection.length; i += 2) {
      values.put(connection[i], connection[i + 1]);
    }
    return new Source("a block", new Options(values), Options.of(options), SECRETS);
  }

  /** All documents and indexes of all collections, what restores keep left out. */
  String content(String database) {
    StringBuilder text = new StringBuilder();
    for (Collection collection : Server.collections(database(database))) {
      if (collection.ours()) {
        continue;
      }
      text.append(collection.name()).append(' ').append(collection.options().toJson()).append('\n');
      var all = database(database).getCollection(collection.name(), BsonDocument.class);
      all.listIndexes(BsonDocument.class)
          .map(
              index -> {
                index.remove("ns");
                index.remove("v");
                return index.toJson();
              })
          .into(new java.util.TreeSet<>())
          .forEach(index -> text.append("  index ").append(index).append('\n'));
      all.find()
          .sort(Sorts.ascending("_id"))
          .forEach(document -> text.append("  ").append(document.toJson()).append('\n'));
    }
    return text.toString();
  }

  void die() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    client.close();
    server.shutdownNow();
  }
}
