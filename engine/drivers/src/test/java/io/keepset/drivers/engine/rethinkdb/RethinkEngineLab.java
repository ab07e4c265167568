package io.keepset.drivers.engine.rethinkdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Databases of a server in memory. */
final class RethinkEngineLab implements EngineLab {
  private FakeRethink fake = made();
  private int databases;

  private static FakeRethink made() {
    FakeRethink fake = new FakeRethink();
    fake.database("taken");
    return fake;
  }

  @Override
  public Engine engine() {
    return new RethinkEngine(
        InstantSource.system(),
        address ->
            address.host().equals(FakeRethink.HOST)
                ? fake.open(address)
                : DriverServer.open(address));
  }

  @Override
  public Source small() {
    String name = "small" + ++databases;
    fake.database(name);
    fake.table(
        name,
        "orders",
        "id",
        "{\"id\":\"x\",\"name\":\"orders\",\"primary_key\":\"id\",\"indexes\":[{\"index\":\"by\","
            + "\"function\":{\"$reql_type$\":\"BINARY\",\"data\":\"AAEC\"},\"multi\":false}],"
            + "\"write_hook\":{\"function\":{\"$reql_type$\":\"BINARY\",\"data\":\"/w==\"}}}");
    fake.put(
        name,
        "orders",
        "\"a\"",
        "{\"id\":\"a\",\"text\":\"Jörg \\\\ \\\" \\u0001 😀\",\"n\":-0.5,\"big\":9007199254740993,"
            + "\"when\":{\"$reql_type$\":\"TIME\",\"epoch_time\":1.7E9,\"timezone\":\"+00:00\"},"
            + "\"nested\":{\"list\":[1,null,true,{}]}}");
    Random random = new Random(7);
    fake.table(name, "many", "key", FakeRethink.INFO.replace("\"id\"", "\"key\""));
    for (int i = 0; i < 1000; i++) {
      String key = "\"k" + i + "\"";
      fake.put(name, "many", key, "{\"key\":" + key + ",\"v\":" + random.nextInt() + "}");
    }
    fake.table(name, "empty", "id", FakeRethink.INFO);
    return fake.source(name);
  }

  @Override
  public Source big(long bytes) {
    String name = "big" + ++databases;
    fake.database(name);
    for (int i = 0; i < 3; i++) {
      fake.madeUp(name, "t" + i, (int) (bytes / 30_000) + 1, 10_000);
    }
    return fake.source(name);
  }

  @Override
  public String content(Source source) {
    return fake.content(source.connection().get("database").orElseThrow());
  }

  @Override
  public String content(RestoreReport restored) {
    return fake.content(restored.target().split(" ", 3)[1]);
  }

  @Override
  public void spoil(Source source) {
    String name = source.connection().get("database").orElseThrow();
    fake.drop(name, "orders");
    fake.put(name, "empty", "1", "{\"id\":1}");
  }

  @Override
  public List<String> inventory() {
    return fake.names();
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
    return List.of("[]".getBytes(UTF_8), gzip("[]".getBytes(UTF_8)), gzip(new byte[10_240]));
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The next law finds another server. */
  @Override
  public Optional<Runnable> serverDeath(Source source) {
    FakeRethink dying = fake;
    return Optional.of(
        () -> {
          dying.die();
          fake = made();
        });
  }

  /** The fake has no rights of its own; what a refusal means is tried in RethinkArchiveTest. */
  @Override
  public Optional<Source> withoutRights(Source source) {
    return Optional.empty();
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(FakeRethink.PASSWORD);
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(fragile(source, ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(fragile(source, freshName()));
  }

  private Fragile fragile(Source source, String name) {
    FakeRethink server = fake;
    return new Fragile(
        EngineLab.changed(
            source, Map.of(), Map.of("silence_limit", "5s", "restore_silence_limit", "5s")),
        name,
        server::die,
        server::hang,
        () -> true,
        server::revive);
  }

  /** An archive does not say which version it is of. */
  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is running.
  }
}
