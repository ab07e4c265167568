package io.keepset.drivers.engine.redis;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Real Redis servers; each database of the laws is a server of its own. */
public final class RedisEngineLab implements EngineLab {
  private static final Map<String, String> LIMIT = Map.of("timeout", "5");
  private static final String LIBRARY =
      "#!lua name=lab\nredis.register_function('one', function() return 1 end)";

  private final Map<String, RedisLab> servers = new TreeMap<>();
  private final RedisLab taken = started();

  public RedisEngineLab() {
    taken.run("SET", "something", "there");
  }

  private RedisLab started(String... settings) {
    RedisLab server = RedisLab.start(settings);
    servers.put(server.name(), server);
    return server;
  }

  @Override
  public Engine engine() {
    return new RedisEngine();
  }

  @Override
  public Source small() {
    RedisLab server = started();
    server.run("SET", "text", "Jörg \\ \" \r\n");
    server.run("SET", "number", "-4711");
    server.run("SET", "expires", "later", "PX", "100000000");
    server.run("SET", "packed", "x".repeat(5000));
    server.run("RPUSH", "list", "a", "b", "c".repeat(9000), "4");
    server.run("SADD", "numbers", "1", "2", "70000");
    server.run("SADD", "set", "a", "b", "c".repeat(100));
    server.run("ZADD", "ranks", "1.5", "a", "-inf", "b", "+inf", "c");
    server.run("HSET", "hash", "f", "v", "g", "w".repeat(200));
    server.run("HSET", "small hash", "f", "v");
    server.run("XADD", "events", "*", "k", "v");
    server.run("XGROUP", "CREATE", "events", "readers", "0");
    server.run("XREADGROUP", "GROUP", "readers", "me", "STREAMS", "events", ">");
    server.run("PFADD", "log", "a", "b");
    server.run("SETBIT", "bits", "1000", "1");
    server.run("FUNCTION", "LOAD", LIBRARY);
    server.run("DEBUG", "POPULATE", "300", "many", "100");
    for (int i = 0; i < 600; i++) {
      server.runIn(3, "ZADD", "big ranks", String.valueOf(i / 7.0), "member" + i);
    }
    server.runIn(9, "HSET", "other database", "a", "b");
    return server.leastRights();
  }

  @Override
  public Source big(long bytes) {
    RedisLab server = started();
    server.run("DEBUG", "POPULATE", String.valueOf(bytes / 1000 + 1), "key", "1000");
    return server.leastRights();
  }

  private RedisLab server(Source source) {
    return servers.get("127.0.0.1:" + source.connection().get("port").orElseThrow());
  }

  @Override
  public String content(Source source) {
    return content(server(source));
  }

  @Override
  public String content(RestoreReport restored) {
    return content(servers.get(restored.target().split(" ", 2)[1]));
  }

  private static String content(RedisLab server) {
    return server.run("DEBUG", "DIGEST")
        + " "
        + server.keys()
        + " "
        + server.run("FUNCTION", "LIST");
  }

  @Override
  public void spoil(Source source) {
    server(source).run("DEL", "hash");
    server(source).run("SET", "later", "1");
  }

  @Override
  public List<String> inventory() {
    List<String> all = new ArrayList<>();
    for (RedisLab server : servers.values()) {
      if (server.alive() && server.keys() > 0) {
        all.add(server.name() + " " + content(server));
      }
    }
    return all;
  }

  @Override
  public String freshName() {
    return started().name();
  }

  @Override
  public boolean choosesNames() {
    return false;
  }

  @Override
  public String takenName() {
    return taken.name();
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(new ProcessBuilder("redis-check-rdb", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    List<byte[]> all = new ArrayList<>();
    all.add("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n".getBytes(StandardCharsets.UTF_8));
    all.add("REDIS0010".getBytes(StandardCharsets.UTF_8));
    all.add("REDISTRIBUTION of wealth".getBytes(StandardCharsets.UTF_8));
    all.add(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
    all.add(new byte[10_000]);
    return all;
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return server(source).death();
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(RedisLab.PASSWORD);
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(EngineLab.behindRelay(source, LIMIT, Map.of(), ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(EngineLab.serverBehindRelay(freshName(), source, LIMIT));
  }

  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.of(
        new Newer(
            Newer.with(Newer.with(facts, "rdb_version", "99"), "server_version", "9.9.9"),
            "9.9.9",
            taken.run("INFO", "server").replaceAll("(?s)^.*redis_version:(\\S+).*$", "$1"),
            Newer.with(facts, "rdb_version", "6")));
  }

  @Override
  public void close() {
    servers.values().forEach(RedisLab::close);
  }
}
