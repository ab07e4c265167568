package io.keepset.drivers.engine.etcd;

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
import java.util.Random;
import java.util.TreeMap;

/** Real etcd servers; each database of the laws is a cluster of its own, until the next is made. */
public final class EtcdEngineLab implements EngineLab {
  private static final Map<String, String> LIMIT = Map.of("timeout", "5");
  private final Map<String, EtcdLab> servers = new TreeMap<>();
  private final EtcdLab taken = started();

  public EtcdEngineLab() {
    taken.ctl("put", "something", "there");
  }

  private EtcdLab started() {
    EtcdLab server = EtcdLab.start();
    servers.put(server.name(), server);
    return server;
  }

  @Override
  public Engine engine() {
    return new EtcdEngine();
  }

  /** What the laws before have left need not be looked through by those to come. */
  private EtcdLab alone() {
    List<EtcdLab> former = new ArrayList<>(servers.values());
    former.remove(taken);
    for (EtcdLab server : former) {
      server.close();
      servers.remove(server.name());
    }
    return started();
  }

  @Override
  public Source small() {
    EtcdLab server = alone();
    Map<String, byte[]> pairs = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      pairs.put("/registry/many/" + i, ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
    }
    pairs.put("empty", new byte[0]);
    pairs.put("Jörg \"\\\n", new byte[] {0, -1, 0x5c, '\n', '\r'});
    pairs.put("large", random(700_000));
    server.put(pairs);
    server.put(Map.of("/registry/many/7", "changed".getBytes(StandardCharsets.UTF_8)));
    server.ctl("del", "/registry/many/8");
    server.ctl("put", "compacted", "away");
    server.ctl("del", "compacted");
    server.ctl("compact", "3");
    String lease = server.ctl("lease", "grant", "86400").split(" ", -1)[1];
    server.ctl("put", "--lease=" + lease, "registered", "here");
    return server.source(Map.of());
  }

  @Override
  public Source big(long bytes) {
    EtcdLab server = alone();
    Map<String, byte[]> pairs = new TreeMap<>();
    for (int i = 0; i <= bytes / 500_000; i++) {
      pairs.put("big" + i, random(500_000));
    }
    server.put(pairs);
    return server.source(Map.of());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private EtcdLab server(Source source) {
    return servers.get("127.0.0.1:" + source.connection().get("port").orElseThrow());
  }

  @Override
  public String content(Source source) {
    return server(source).content();
  }

  @Override
  public String content(RestoreReport restored) {
    return servers.get(restored.target().split(" ", 2)[1]).content();
  }

  @Override
  public void spoil(Source source) {
    server(source).ctl("del", "large");
    server(source).ctl("put", "empty", "no longer");
    server(source).ctl("put", "later", "1");
  }

  @Override
  public List<String> inventory() {
    List<String> all = new ArrayList<>();
    for (EtcdLab server : servers.values()) {
      if (server.alive() && !server.keys().isBlank()) {
        all.add(server.name() + " " + server.content());
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
    ProcessBuilder status =
        new ProcessBuilder("etcdctl", "snapshot", "status", artifact.toString());
    status.environment().put("ETCDCTL_API", "3");
    return Optional.of(status);
  }

  @Override
  public List<byte[]> foreign() {
    List<byte[]> all = new ArrayList<>();
    all.add("{\"kvs\":[]}".getBytes(StandardCharsets.UTF_8));
    all.add("REDIS0010".getBytes(StandardCharsets.UTF_8));
    all.add(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
    all.add(new byte[10_000]);
    all.add(new byte[1024 + 32]);
    return all;
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.of(server(source)::kill);
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(EtcdLab.PASSWORD);
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(EngineLab.behindRelay(source, LIMIT, Map.of(), ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(EngineLab.serverBehindRelay(freshName(), source, LIMIT));
  }

  /** Keys are written by an interface that all versions have. */
  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.empty();
  }

  @Override
  public String add(Source source) {
    server(source).ctl("put", "only", "1");
    return "\\x6f\\x6e\\x6c\\x79"; // as content shows it
  }

  @Override
  public String nameOf(String item) {
    return item.split(" ", 2)[0];
  }

  @Override
  public void close() {
    servers.values().forEach(EtcdLab::close);
  }
}
