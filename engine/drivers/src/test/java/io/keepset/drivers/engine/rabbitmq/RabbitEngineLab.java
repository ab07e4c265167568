package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Relay;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Real brokers: one to back up, and one to restore into, which is filled as well. */
public class RabbitEngineLab implements EngineLab {
  static final Map<String, String> LIMIT = Map.of("timeout", "15");
  static final String LARGE = "x".repeat(1_000_000);

  final RabbitLab main = RabbitLab.start();
  private Optional<RabbitLab> other = Optional.empty();
  private final List<Relay> relays = new ArrayList<>();

  @Override
  public Engine engine() {
    return new RabbitEngine(InstantSource.system(), Optional.empty());
  }

  @Override
  public Source small() {
    main.empty();
    other.ifPresent(RabbitLab::empty);
    fill(main, "shop");
    return main.source(Map.of());
  }

  static void fill(RabbitLab broker, String vhost) {
    broker.send("PUT", "api/vhosts/" + vhost, "{}");
    broker.send(
        "PUT", "api/users/j%C3%B6rg", "{\"password\":\"j\",\"tags\":\"monitoring,policymaker\"}");
    broker.send(
        "PUT",
        "api/permissions/" + vhost + "/nobody",
        "{\"configure\":\"^a\",\"write\":\".*\",\"read\":\"\"}");
    broker.send("PUT", "api/global-parameters/note", "{\"value\":{\"a\":[1,2.5,\"ü\\\\\"]}}");
    broker.send(
        "PUT",
        "api/policies/" + vhost + "/short",
        "{\"pattern\":\"^q\",\"definition\":{\"max-length\":10},\"apply-to\":\"queues\"}");
    broker.send("PUT", "api/vhost-limits/" + vhost + "/max-connections", "{\"value\":10}");
    broker.send(
        "PUT",
        "api/operator-policies/" + vhost + "/cap",
        "{\"pattern\":\"^q\",\"definition\":{\"max-length\":99},\"apply-to\":\"queues\"}");
    broker.send(
        "PUT", "api/exchanges/" + vhost + "/events", "{\"type\":\"topic\",\"durable\":true}");
    broker.send(
        "PUT", "api/exchanges/" + vhost + "/dead", "{\"type\":\"fanout\",\"durable\":false}");
    broker.send(
        "PUT",
        "api/topic-permissions/" + vhost + "/nobody",
        "{\"exchange\":\"events\",\"write\":\"^w\",\"read\":\"^r\"}");
    // At once: one by one they take longer than most laws.
    StringJoiner queues = new StringJoiner(",");
    StringJoiner bindings = new StringJoiner(",");
    for (int i = 0; i < 40; i++) {
      queues.add(
          "{\"name\":\"q%d\",\"durable\":true,\"auto_delete\":false,\"arguments\":{\"x-max-length\":%d}}"
              .formatted(i, i + 1));
      bindings.add(
          ("{\"source\":\"events\",\"destination\":\"q%d\",\"destination_type\":\"queue\","
                  + "\"routing_key\":\"a.%d.#\",\"arguments\":{\"n\":%d}}")
              .formatted(i, i, i));
    }
    broker.send(
        "POST",
        "api/definitions/" + vhost,
        "{\"queues\":[" + queues + "],\"bindings\":[" + bindings + "]}");
    broker.send(
        "PUT",
        "api/queues/" + vhost + "/kept",
        "{\"durable\":true,\"arguments\":{\"x-queue-type\":\"quorum\"}}");
    broker.send("POST", "api/bindings/" + vhost + "/e/events/e/dead", "{\"routing_key\":\"dead\"}");
  }

  @Override
  public Source big(long bytes) {
    RabbitLab broker = other();
    broker.empty();
    for (long i = 0; i <= bytes / LARGE.length(); i++) {
      broker.send("PUT", "api/global-parameters/p" + i, "{\"value\":\"" + LARGE + "\"}");
    }
    return mortal(Map.of());
  }

  /** The other broker, by a way on which it can die and be there for the next law. */
  final Source mortal(Map<String, String> connection) {
    try {
      Relay relay = new Relay(URI.create("http://" + other().name()));
      relays.add(relay);
      TreeMap<String, String> through = new TreeMap<>(connection);
      through.put("port", String.valueOf(relay.address().getPort()));
      return other().source(through);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final RabbitLab other() {
    if (other.isEmpty()) {
      other = Optional.of(RabbitLab.start());
    }
    return other.orElseThrow();
  }

  @Override
  public String content(Source source) {
    return main.content("");
  }

  @Override
  public String content(RestoreReport restored) {
    return (restored.target().equals("RabbitMQ " + main.name()) ? main : other()).content("");
  }

  @Override
  public void spoil(Source source) {
    spoil(main, "shop");
    main.send("PUT", "api/vhosts/later", "{}");
    main.send("PUT", "api/users/later", "{\"password\":\"l\",\"tags\":\"\"}");
    main.send("PUT", "api/global-parameters/later", "{\"value\":1}");
    main.delete("api/users/j%C3%B6rg");
    main.delete("api/permissions/shop/nobody");
  }

  static void spoil(RabbitLab broker, String vhost) {
    broker.delete("api/queues/" + vhost + "/q1");
    broker.delete("api/queues/" + vhost + "/q2");
    broker.send(
        "PUT",
        "api/queues/" + vhost + "/q2",
        "{\"durable\":true,\"arguments\":{\"x-max-length\":4711}}");
    broker.send("PUT", "api/queues/" + vhost + "/later", "{\"durable\":true}");
    broker.send("POST", "api/bindings/" + vhost + "/e/events/q/q3", "{\"routing_key\":\"later\"}");
    broker.send(
        "PUT",
        "api/policies/" + vhost + "/short",
        "{\"pattern\":\"^x\",\"definition\":{\"max-length\":1},\"apply-to\":\"queues\"}");
    broker.send(
        "PUT",
        "api/policies/" + vhost + "/later",
        "{\"pattern\":\"^x\",\"definition\":{\"max-length\":1},\"apply-to\":\"queues\"}");
    broker.delete("api/exchanges/" + vhost + "/dead");
  }

  @Override
  public List<String> inventory() {
    return List.of(main.content(""), other().content(""));
  }

  @Override
  public String freshName() {
    other().empty();
    return other().name();
  }

  @Override
  public boolean choosesNames() {
    return false;
  }

  @Override
  public String takenName() {
    return main.name();
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(main.ctl("import_definitions", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "{}",
            "[]",
            "{\"users\":[],\"queues\":[]}",
            "{\"rabbit_version\":\"3.10.8\"}",
            "{\"rabbit_version\":\"3.10.8\",\"parameters\":[],\"policies\":[],\"queues\":[1],"
                + "\"exchanges\":[],\"bindings\":[]}",
            "{\"rabbit_version\":\"3.10.8\",\"parameters\":[],\"policies\":[],\"queues\":[{}],"
                + "\"exchanges\":[],\"bindings\":[]}",
            "REDIS0010")) {
      all.add(text.getBytes(StandardCharsets.UTF_8));
    }
    all.add(new byte[10_000]);
    return all;
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.of(() -> relays.get(relays.size() - 1).close());
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(RabbitLab.PASSWORD);
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
    String here = facts.values().get("server_version");
    return Optional.of(
        new Newer(
            Newer.with(facts, "server_version", "99.1.0"),
            "99.1.0",
            here,
            Newer.with(facts, "server_version", "3.8.1")));
  }

  @Override
  public String add(Source source) {
    main.send("PUT", "api/queues/shop/only-there", "{\"durable\":true}");
    return "only-there";
  }

  @Override
  public void close() {
    relays.forEach(Relay::close);
    main.close();
    other.ifPresent(RabbitLab::close);
  }
}
