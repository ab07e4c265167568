package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.drivers.lab.StandIns;
import io.keepset.policy.Options;
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
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL with databases that have something of everything in them. */
public final class PostgresEngineLab implements EngineLab {
  private static final Map<String, String> CONNECT = Map.of("connect_timeout", "5");
  private static final Map<String, String> LIMIT =
      Map.of("silence_limit", "5s", "restore_silence_limit", "5s");

  private final PostgresLab server;
  private final AtomicInteger names = new AtomicInteger();

  public PostgresEngineLab(PostgresLab server) {
    this.server = server;
    server.execute(
        "postgres",
        "create role app login",
        "create role \"Odd; Role\"",
        "create role nobody login password 'n-" + server.password() + "'");
  }

  PostgresLab server() {
    return server;
  }

  @Override
  public Engine engine() {
    return new PostgresEngine();
  }

  @Override
  public Source small() {
    String name = "small" + names.incrementAndGet();
    server.createDatabase(name);
    server.execute(
        name,
        "create schema \"Odd \"\"schema\"",
        "create table customer(id int generated always as identity primary key, name text)",
        "insert into customer(name) select 'Jörg \\ '' ' || i from generate_series(1, 500) i",
        "create table \"Odd \"\"schema\".\"odd\ntable\"(a serial, b bytea, c timestamptz)",
        "insert into \"Odd \"\"schema\".\"odd\ntable\"(b, c) values ('\\x00ff5c2e0a', now())",
        "create table empty_one()",
        "create table parted(a int, b text) partition by range (a)",
        "create table parted_1 partition of parted for values from (0) to (100)",
        "insert into parted select i, repeat('x', i) from generate_series(0, 99) i",
        "create unlogged table quick(a int)",
        "create view v as select count(*) from customer",
        "create materialized view mv as select name from customer",
        "create function f(a int) returns int language sql as 'select a + 1'",
        "create procedure p() language sql as 'select 1'",
        "create type range_of_text as range (subtype = text)",
        "create index on customer(name)",
        "alter table customer owner to app",
        "grant select on customer to \"Odd; Role\"",
        "grant insert on parted to app with grant option",
        "select lo_from_bytea(4711, 'large object')",
        "alter database \"" + name + "\" set work_mem = '5MB'",
        "grant connect on database \"" + name + "\" to app");
    return source(name);
  }

  @Override
  public Source big(long bytes) {
    String name = "big" + names.incrementAndGet();
    server.createDatabase(name);
    server.execute(
        name,
        "create table t as select i, repeat(md5(i::text), 31) from generate_series(1, "
            + (bytes / 1000 + 1)
            + ") i");
    return source(name);
  }

  Source source(String database) {
    return source(database, Map.of(), Map.of());
  }

  Source source(String database, Map<String, String> connection, Map<String, String> options) {
    TreeMap<String, String> all =
        new TreeMap<>(
            Map.of(
                "host",
                server.host(),
                "port",
                String.valueOf(server.port()),
                "user",
                PostgresLab.SUPERUSER,
                "password",
                "env:LAB"));
    all.putAll(connection);
    return new Source(
        database, new Options(all), Options.of(options), EngineLab.secrets(server.password()));
  }

  @Override
  public String content(Source source) {
    return content(source.database());
  }

  @Override
  public String content(RestoreReport restored) {
    return content(restored.target().split(" ")[1]);
  }

  private String content(String database) {
    StringBuilder all = new StringBuilder();
    List<String> tables =
        server.query(
            database,
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname !~"
                + " '^(pg_|information_schema)' order by 1");
    for (String table : tables) {
      all.append(table).append('\n');
      all.append(server.query(database, "select x::text from " + table + " x order by 1"));
    }
    for (String sql :
        List.of(
            "select relkind::text || relname || relowner::regrole || coalesce(relacl::text, '') from"
                + " pg_class where relnamespace::regnamespace::text !~"
                + " '^(pg_|information_schema)' order by 1",
            "select proname::text || prosrc from pg_proc where pronamespace = 'public'::regnamespace"
                + " order by 1",
            "select encode(lo_get(oid), 'escape') from pg_largeobject_metadata order by 1")) {
      all.append(server.query(database, sql)).append('\n');
    }
    return all.toString();
  }

  @Override
  public void spoil(Source source) {
    server.execute(
        source.database(),
        "drop view v",
        "delete from customer where id > 3",
        "create table later(a int references customer)");
  }

  @Override
  public List<String> inventory() {
    return server.query("postgres", "select datname from pg_database order by 1");
  }

  @Override
  public String freshName() {
    return "fresh-" + names.incrementAndGet();
  }

  @Override
  public String takenName() {
    return "postgres";
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(
        new ProcessBuilder(
            server.bin().resolve("pg_restore").toString(), "-l", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    List<byte[]> all = new ArrayList<>();
    all.add("--\n-- PostgreSQL database dump\n--\n".getBytes(StandardCharsets.UTF_8));
    all.add("SET statement_timeout = 0;".getBytes(StandardCharsets.UTF_8));
    all.add(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
    all.add(new byte[10_000]);
    all.add("PGDMP".getBytes(StandardCharsets.UTF_8));
    all.add("PGDMP\001\143\000\004\010\001".getBytes(StandardCharsets.ISO_8859_1));
    return all;
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.of(
        () ->
            server.query(
                "postgres",
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                    + source.database()
                    + "'"));
  }

  @Override
  public Optional<Source> withoutTools(Source source) {
    return Optional.of(
        source(
            source.database(), Map.of(), Map.of("tools_dir", server.socketDirectory().toString())));
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(server.password());
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(EngineLab.behindRelay(source, CONNECT, LIMIT, ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(EngineLab.behindRelay(source, CONNECT, LIMIT, freshName()));
  }

  @Override
  public Optional<Source> withTool(Source source, String script) {
    Path tools = StandIns.make("pg_dump", script, server.bin(), "psql", "pg_restore", "pg_dumpall");
    return Optional.of(
        source(
            source.database(),
            Map.of(),
            Map.of("tools_dir", tools.toString(), "silence_limit", "3s")));
  }

  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.of(
        new Newer(
            Newer.with(facts, "server_version", "99.1"),
            "99.1",
            facts.values().get("server_version").split(" ", 2)[0],
            Newer.with(facts, "server_version", "12.1")));
  }

  @Override
  public void close() {
    server.close();
  }
}
