package io.keepset.drivers.engine.scylla;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Keyspaces in one real Cassandra. */
public final class ScyllaEngineLab implements EngineLab {
  private final CassandraLab lab;
  private final Map<Long, Source> big = new TreeMap<>();
  private Optional<Source> small = Optional.empty();
  private int keyspaces;

  public ScyllaEngineLab(CassandraLab lab) {
    this.lab = lab;
    keyspace("taken");
  }

  private CqlSession cql() {
    return lab.session();
  }

  private void keyspace(String name) {
    cql()
        .execute(
            "CREATE KEYSPACE "
                + name
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  }

  @Override
  public Engine engine() {
    return new ScyllaEngine(InstantSource.system());
  }

  /** The same one, until somebody spoils it. */
  @Override
  public Source small() {
    if (small.isEmpty()) {
      small = Optional.of(makeSmall("small" + ++keyspaces));
    }
    return small.get();
  }

  private Source makeSmall(String ks) {
    keyspace(ks);
    cql().execute("CREATE TYPE " + ks + ".address (street text, code int)");
    cql()
        .execute(
            "CREATE TABLE "
                + ks
                + ".orders (id int, line int, note text, tags set<text>, place frozen<address>,"
                + " gone text, PRIMARY KEY (id, line)) WITH comment = 'of "
                + ks
                + ".orders, isn''t it'");
    cql()
        .execute(
            "CREATE TABLE "
                + ks
                + ".\"Odd Name\" (id text PRIMARY KEY, \"Value\" double)"
                    .replace("Odd Name", "OddName"));
    cql().execute("CREATE TABLE " + ks + ".hits (id int PRIMARY KEY, n counter)");
    cql().execute("CREATE TABLE " + ks + ".empty (id int PRIMARY KEY)");
    cql().execute("CREATE INDEX by_note ON " + ks + ".orders (note)");
    cql()
        .execute(
            "CREATE MATERIALIZED VIEW "
                + ks
                + ".by_line AS SELECT * FROM "
                + ks
                + ".orders WHERE line IS NOT NULL AND id IS NOT NULL PRIMARY KEY (line, id)");
    PreparedStatement insert =
        cql()
            .prepare(
                "INSERT INTO "
                    + ks
                    + ".orders (id, line, note, tags, gone) VALUES (?, ?, ?, {'ä', 'b'}, 'x')");
    for (int i = 0; i < 200; i++) {
      cql().execute(insert.bind(i / 10, i, "note " + i % 7));
    }
    cql()
        .execute(
            "UPDATE "
                + ks
                + ".orders SET place = {street: 'S', code: 7} WHERE id = 1 AND line = 11");
    cql().execute("DELETE FROM " + ks + ".orders WHERE id = 3");
    cql().execute("INSERT INTO " + ks + ".\"OddName\" (id, \"Value\") VALUES ('Jörg', -0.5)");
    cql().execute("UPDATE " + ks + ".hits SET n = n + 41 WHERE id = 1");
    cql().execute("UPDATE " + ks + ".hits SET n = n + 1 WHERE id = 1");
    return lab.source(ks);
  }

  @Override
  public Source big(long bytes) {
    return big.computeIfAbsent(bytes, this::makeBig);
  }

  private Source makeBig(long bytes) {
    String ks = "big" + ++keyspaces;
    keyspace(ks);
    cql()
        .execute(
            "CREATE TABLE "
                + ks
                + ".blobs (id int PRIMARY KEY, content blob) WITH compression = {'enabled': false}");
    PreparedStatement insert =
        cql().prepare("INSERT INTO " + ks + ".blobs (id, content) VALUES (?, ?)");
    Random random = new Random(1);
    byte[] content = new byte[50_000];
    List<CompletionStage<?>> running = new ArrayList<>();
    for (int i = 0; i <= bytes / content.length; i++) {
      random.nextBytes(content);
      running.add(cql().executeAsync(insert.bind(i, ByteBuffer.wrap(content.clone()))));
      if (running.size() == 20) {
        running.forEach(one -> one.toCompletableFuture().join());
        running.clear();
      }
    }
    running.forEach(one -> one.toCompletableFuture().join());
    return lab.source(ks);
  }

  @Override
  public String content(Source source) {
    return content(source.connection().get("keyspace").orElseThrow());
  }

  @Override
  public String content(RestoreReport restored) {
    return content(restored.target().split(" ", 3)[1]);
  }

  private String content(String keyspace) {
    StringBuilder text = new StringBuilder();
    for (Row row : cql().execute("DESCRIBE KEYSPACE " + keyspace)) {
      text.append(CqlText.rename(row.getString("create_statement"), keyspace, "ks")).append('\n');
    }
    for (Row table :
        cql()
            .execute(
                "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '"
                    + keyspace
                    + "'")) {
      rows(text, keyspace, table.getString(0));
    }
    for (Row view :
        cql()
            .execute(
                "SELECT view_name FROM system_schema.views WHERE keyspace_name = '"
                    + keyspace
                    + "'")) {
      awaitView(keyspace, view.getString(0));
      rows(text, keyspace, view.getString(0));
    }
    return text.toString();
  }

  private void rows(StringBuilder text, String keyspace, String table) {
    String what = "SELECT JSON * FROM ";
    if (table.equals("orders")) {
      what = "SELECT JSON id, line, note, tags, place, writetime(note) FROM ";
    }
    List<String> rows = new ArrayList<>();
    for (Row row : cql().execute(what + keyspace + ".\"" + table + "\"")) {
      rows.add("  " + row.getString(0));
    }
    rows.sort(null);
    text.append(table).append(' ').append(rows.size()).append('\n').append(String.join("\n", rows));
    text.append('\n');
    if (table.equals("orders")) {
      long found =
          cql()
              .execute("SELECT id FROM " + keyspace + ".orders WHERE note = 'note 3'")
              .all()
              .size();
      text.append("by index ").append(found).append('\n');
    }
  }

  /** A view is filled in the background. */
  private void awaitView(String keyspace, String view) {
    String built =
        "SELECT view_name FROM system.built_views WHERE keyspace_name = '"
            + keyspace
            + "' AND view_name = '"
            + view
            + "'";
    try {
      Await.until("the view " + view, () -> cql().execute(built).one() != null);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void spoil(Source source) {
    String ks = source.connection().get("keyspace").orElseThrow();
    cql().execute("INSERT INTO " + ks + ".orders (id, line, note) VALUES (1000, 1, 'later')");
    cql().execute("DROP TABLE " + ks + ".hits");
    cql().execute("CREATE TABLE " + ks + ".later (id int PRIMARY KEY)");
    small = Optional.empty();
  }

  /** Keyspaces, snapshots, and what lies beside the data. */
  @Override
  public List<String> inventory() {
    List<String> all = new ArrayList<>();
    for (Row row : cql().execute("SELECT keyspace_name, table_name FROM system_schema.tables")) {
      all.add(row.getString(0) + "." + row.getString(1));
    }
    for (Row row : cql().execute("SELECT name, keyspace_name FROM system_views.snapshots")) {
      all.add("snapshot " + row.getString(0) + " of " + row.getString(1));
    }
    try (Stream<Path> beside = Files.list(lab.directory())) {
      beside
          .filter(path -> path.getFileName().toString().startsWith("keepset-"))
          .forEach(path -> all.add("beside " + path.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.sort(null);
    return all;
  }

  @Override
  public String freshName() {
    return "fresh" + ++keyspaces;
  }

  @Override
  public String takenName() {
    return "taken";
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(new ProcessBuilder("tar", "-tf", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    return List.of(
        "CREATE KEYSPACE".getBytes(UTF_8), new byte[10_240], new byte[] {0x1f, (byte) 0x8b});
  }

  /** A snapshot is files that never change: a dump of it goes on though the node is gone. */
  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.empty();
  }

  /** Whoever may log in may read definitions, and files are read as the user that we are. */
  @Override
  public Optional<Source> withoutRights(Source source) {
    return Optional.empty();
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(CassandraLab.PASSWORD);
  }

  /** A snapshot is read from the disk: nobody is asked meanwhile. */
  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.empty();
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(
        EngineLab.behindRelay(
            source, Map.of("timeout", "5"), Map.of("silence_limit", "20s"), freshName()));
  }

  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    String here = facts.values().get("release");
    return Optional.of(
        new Newer(
            Newer.with(facts, "release", "99.0.1"),
            "99.0.1",
            here,
            Newer.with(facts, "release", "4.1.3")));
  }

  @Override
  public String nameOf(String item) {
    return item.replaceFirst("^beside ", "").replaceFirst("\\..*$", "");
  }

  @Override
  public void close() {
    lab.close();
  }
}
