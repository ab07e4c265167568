package io.keepset.drivers.engine.mongodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.StandIns;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.bson.BsonRegularExpression;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;

/** Databases in the fake of a server, archives by our own writer. */
public final class MongoEngineLab implements EngineLab {
  private static final Map<String, String> BY_DRIVER = Map.of("method", "driver");
  private static final Map<String, String> CONNECT = Map.of("timeout", "5");
  private static final Map<String, String> LIMIT = Map.of("silence_limit", "5s");

  private final MongoLab main = new MongoLab();
  private final Map<String, MongoLab> big = new TreeMap<>();
  private int databases;

  public MongoEngineLab() {
    main.database("taken").getCollection("something").insertOne(new Document("_id", 1));
  }

  @Override
  public Engine engine() {
    return new MongoEngine(InstantSource.system());
  }

  @Override
  public Source small() {
    String name = "small" + ++databases;
    MongoDatabase database = main.database(name);
    var orders = database.getCollection("orders");
    orders.insertOne(
        new Document("_id", new ObjectId("65a000000000000000000001"))
            .append("text", "Jörg \\ \" \u0001 \uD83D\uDE00")
            .append("nested", new Document("list", List.of(1, "a", new Document("x", null))))
            .append("long", Long.MAX_VALUE)
            .append("double", -0.5)
            .append("decimal", Decimal128.parse("12.340"))
            .append("bytes", new Binary(new byte[] {0, 1, 2, (byte) 0xff}))
            .append("when", new Date(1_700_000_000_123L))
            .append("pattern", new BsonRegularExpression("^a.*", "i"))
            .append("yes", true)
            .append("least", new MinKey())
            .append("most", new MaxKey()));
    orders.createIndex(Indexes.ascending("text"), new IndexOptions().unique(true).name("by text"));
    var many = database.getCollection("many.with a name");
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      documents.add(new Document("_id", i).append("value", "x".repeat(i % 50)));
    }
    many.insertMany(documents);
    database.createCollection("empty");
    return main.source(name, BY_DRIVER);
  }

  @Override
  public Source big(long bytes) {
    big.values().forEach(MongoLab::close);
    big.clear();
    MongoLab lab = new MongoLab();
    big.put(String.valueOf(lab.port()), lab);
    var collection = lab.database("big").getCollection("documents");
    String filling = "x".repeat(20_000);
    long documents = bytes / filling.length() + 1;
    for (long i = 0; i < documents; i += 100) {
      List<Document> batch = new ArrayList<>();
      for (long j = i; j < Math.min(documents, i + 100); j++) {
        batch.add(new Document("_id", j).append("filling", filling));
      }
      collection.insertMany(batch);
    }
    return lab.source("big", BY_DRIVER);
  }

  @Override
  public String content(Source source) {
    return main.content(source.connection().get("database").orElseThrow());
  }

  @Override
  public String content(RestoreReport restored) {
    return main.content(restored.target().split(" ", 3)[1]);
  }

  @Override
  public void spoil(Source source) {
    MongoDatabase database = main.database(source.connection().get("database").orElseThrow());
    database.getCollection("orders").drop();
    database.getCollection("later").insertOne(new Document("_id", 1));
    database.getCollection("empty").insertOne(new Document("_id", 2));
  }

  @Override
  public List<String> inventory() {
    List<String> all = new ArrayList<>();
    for (String database : main.client().listDatabaseNames()) {
      Server.collections(main.database(database))
          .forEach(collection -> all.add(database + "." + collection.name()));
    }
    all.sort(null);
    return all;
  }

  @Override
  public String freshName() {
    return "fresh" + ++databases;
  }

  @Override
  public String takenName() {
    return "taken";
  }

  @Override
  public List<byte[]> foreign() {
    try {
      return List.of(
          "{\"a\": 1}\n".getBytes(UTF_8),
          gzip("{\"a\": 1}\n".getBytes(UTF_8)),
          gzip(new byte[0]),
          // No gzip, and no collection: what mongodump makes of a database that is not there.
          new byte[] {0x6d, (byte) 0xe2, (byte) 0x99, (byte) 0x81},
          gzip(ArchiveSamples.archive()),
          ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 3)),
          new byte[10_000]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.of(big.get(source.connection().get("port").orElseThrow())::die);
  }

  @Override
  public Optional<Source> wrongPassword(Source source) {
    return Optional.of(changed(source, BY_DRIVER, "password", "env:WRONG"));
  }

  @Override
  public Optional<Source> withoutRights(Source source) {
    return Optional.of(changed(source, BY_DRIVER, "user", "nobody", "password", "env:NOBODY"));
  }

  @Override
  public Optional<Source> withoutTools(Source source) {
    try {
      Path nothing = Files.createTempDirectory("keepset-no-tools");
      nothing.toFile().deleteOnExit();
      return Optional.of(changed(source, Map.of("tools_dir", nothing.toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Source changed(Source source, Map<String, String> options, String... connection) {
    return main.source(source.connection().get("database").orElseThrow(), options, connection);
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(MongoLab.PASSWORD);
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(EngineLab.behindRelay(source, CONNECT, LIMIT, ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(EngineLab.behindRelay(source, CONNECT, LIMIT, freshName()));
  }

  /** No package has mongodump: the rest of it says only its version. */
  @Override
  public Optional<Source> withTool(Source source, String script) {
    String version = "[ \"$1\" = --version ] && echo 'mongodump version: 100.12.2' && exit 0\n";
    Path tools = StandIns.make("mongodump", version + script, Path.of("/nowhere"));
    return Optional.of(
        changed(source, Map.of("tools_dir", tools.toString(), "silence_limit", "3s")));
  }

  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.of(
        new Newer(
            Newer.with(facts, "server_version", "99.0.1"),
            "99.0.1",
            facts.values().get("server_version"),
            Newer.with(facts, "server_version", "4.4.1")));
  }

  @Override
  public String nameOf(String item) {
    return item.replaceFirst("\\..*$", "");
  }

  @Override
  public void close() {
    big.values().forEach(MongoLab::close);
    main.close();
  }
}
