package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Relay;
import io.keepset.source.JsonText;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/** One real node for all laws; databases are sets of its indices. */
public final class ElasticEngineLab implements EngineLab {
  private static final List<String> SMALL = List.of("shop", "other", "later*");

  private final ElasticLab server;
  private Optional<Relay> relay = Optional.empty();
  private int names;

  public ElasticEngineLab(ElasticLab server) {
    this.server = server;
    server.send("PUT", "shop_taken", "{}");
  }

  @Override
  public Engine engine() {
    return new ElasticEngine(InstantSource.system());
  }

  private void index(String name, int shards) {
    server.send(
        "PUT",
        name,
        "{\"settings\":{\"number_of_shards\":"
            + shards
            + ",\"number_of_replicas\":0},\"mappings\":{\"dynamic\":false,\"properties\":{\"n\":"
            + "{\"type\":\"integer\"},\"word\":{\"type\":\"keyword\"}}}}");
  }

  private void fill(String name, int from, int to) {
    StringBuilder bulk = new StringBuilder();
    for (int i = from; i < to; i++) {
      bulk.append("{\"index\":{\"_id\":\"" + i + "\"}}\n");
      bulk.append("{\"n\":" + i + ",\"word\":\"Größe " + i + "\"}\n");
    }
    server.send("POST", name + "/_bulk?refresh=true", bulk.toString());
  }

  private TreeSet<String> all() {
    TreeSet<String> all = new TreeSet<>();
    for (var node :
        ((io.keepset.source.ListNode) server.get("_cat/indices?format=json&h=index")).items()) {
      String name = Cluster.map(node).text("index").orElseThrow();
      if (!name.startsWith(".")) {
        all.add(name);
      }
    }
    return all;
  }

  @Override
  public Source small() {
    for (String name : all()) {
      if (name.matches("shop|other|later.*")) {
        server.send("DELETE", name, "");
      }
    }
    index("shop", 1);
    index("other", 2);
    fill("shop", 0, 300);
    fill("other", 0, 40);
    return server.source(SMALL, Map.of());
  }

  /** What {@link #small} made, by another login. */
  Source by(Map<String, String> connection) {
    return server.source(SMALL, connection);
  }

  @Override
  public Source big(long bytes) {
    String name = "big" + bytes;
    try {
      if (!all().contains(name)) {
        index(name, 1);
        Random random = new Random(bytes);
        byte[] part = new byte[150_000];
        for (long sent = 0; sent < bytes; ) {
          StringBuilder bulk = new StringBuilder();
          for (int i = 0; i < 20; i++) {
            random.nextBytes(part);
            String text = Base64.getEncoder().encodeToString(part);
            bulk.append("{\"index\":{}}\n{\"data\":\"").append(text).append("\"}\n");
            // What its codec can take out of base64 is less than a quarter.
            sent += text.length() * 3L / 4;
          }
          server.send("POST", name + "/_bulk", bulk.toString());
        }
      }
      Relay between = server.relay();
      relay = Optional.of(between);
      return server.source(
          List.of(name), Map.of("port", String.valueOf(between.address().getPort())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String content(Source source) {
    return content("");
  }

  @Override
  public String content(RestoreReport restored) {
    return content(restored.target().replaceFirst("^.*indices \\*", ""));
  }

  private String content(String suffix) {
    StringBuilder text = new StringBuilder();
    for (String index : all()) {
      String bare = index.substring(0, Math.max(0, index.length() - suffix.length()));
      if (index.endsWith(suffix) && bare.matches("shop|other|later")) {
        server.send("POST", index + "/_refresh", "");
        String hits =
            JsonText.writeCompact(
                server.get(
                    index
                        + "/_search?size=1000&sort=n:asc"
                        + "&filter_path=hits.hits._id,hits.hits._source,_shards.failed"));
        String mapping = JsonText.writeCompact(server.get(index + "/_mapping"));
        text.append(bare)
            .append(' ')
            .append(hits)
            .append(mapping.replace(index, bare))
            .append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public void spoil(Source source) {
    fill("shop", 250, 500);
    server.send("DELETE", "other", "");
    index("later", 1);
    fill("later", 0, 3);
  }

  /** A dump misses an index that was named and is gone. */
  @Override
  public void change(Source source) {
    fill("shop", 250, 500);
  }

  @Override
  public List<String> inventory() {
    List<String> all = new ArrayList<>();
    for (String index : all()) {
      if (!index.startsWith("big")) {
        all.add(index);
      }
    }
    return all;
  }

  @Override
  public String freshName() {
    return "fresh" + ++names;
  }

  @Override
  public String takenName() {
    return "taken";
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(new ProcessBuilder("tar", "-tzf", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    try {
      ByteArrayOutputStream empty = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(empty)) {
        out.write(new byte[10_240]);
      }
      return List.of(
          "{\"snapshots\":[]}".getBytes(StandardCharsets.UTF_8),
          new byte[10_000],
          empty.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return relay.map(between -> between::close);
  }

  @Override
  public Optional<Source> wrongPassword(Source source) {
    return Optional.of(server.source(SMALL, Map.of("password", "env:WRONG")));
  }

  @Override
  public Optional<Source> withoutRights(Source source) {
    return Optional.of(server.source(SMALL, Map.of("user", "nobody")));
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(ElasticLab.PASSWORD);
  }

  /** Everything is read from the repository once the snapshot is done: nobody is asked. */
  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.empty();
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    try {
      Relay between = server.relay();
      return Optional.of(
          Fragile.behind(
              between,
              EngineLab.changed(
                  source,
                  Map.of("port", String.valueOf(between.address().getPort()), "timeout", "5"),
                  Map.of("restore_silence_limit", "5s")),
              freshName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.of(
        new Newer(
            Newer.with(facts, "server_version", "99.1.0"),
            "99.1.0",
            facts.values().get("server_version"),
            facts));
  }

  @Override
  public void close() {
    server.close();
  }
}
