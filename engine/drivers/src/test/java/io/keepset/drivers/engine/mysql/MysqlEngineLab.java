package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.drivers.lab.StandIns;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A real MariaDB with databases that have something of everything in them. */
public final class MysqlEngineLab implements EngineLab {
  private static final Map<String, String> CONNECT = Map.of("connect_timeout", "5");
  private static final Map<String, String> LIMIT =
      Map.of("silence_limit", "5s", "restore_silence_limit", "5s");

  private final MariadbLab server;
  private final AtomicInteger names = new AtomicInteger();

  public MysqlEngineLab(MariadbLab server) {
    this.server = server;
    server.execute(
        "mysql",
        "CREATE USER app@localhost",
        "GRANT ALL ON *.* TO app@localhost",
        "CREATE USER nobody IDENTIFIED BY 'n-" + number() + "'",
        "CREATE DATABASE taken");
  }

  private String number() {
    return String.valueOf(server.port());
  }

  MariadbLab server() {
    return server;
  }

  @Override
  public Engine engine() {
    return new MysqlEngine();
  }

  @Override
  public Source small() {
    String name = "small-`" + names.incrementAndGet();
    String quoted = Sql.identifier(name);
    server.execute(
        "mysql",
        "CREATE DATABASE " + quoted + " COLLATE utf8mb4_german2_ci",
        "GRANT SELECT ON " + quoted + ".* TO nobody");
    server.execute(
        name,
        "CREATE TABLE customer (id INT AUTO_INCREMENT PRIMARY KEY, name TEXT, KEY (name(10)))"
            + " COMMENT 'it''s; -- Dump\\ncompleted `x`'",
        "INSERT INTO customer (name) SELECT CONCAT('Jörg \\\\ \\' \\n\\r😀 ', seq) FROM seq_1_to_500",
        "CREATE TABLE `odd\n; t``able` (a INT PRIMARY KEY, b VARBINARY(20), c TIMESTAMP(6) NULL,"
            + " d BIT(3), e JSON, g GEOMETRY, h INT AS (a + 1) STORED, j DOUBLE, k SET('x','ü'))",
        "INSERT INTO `odd\n; t``able` (a, b, c, d, e, g, j, k) VALUES (1, x'00ff5c2e0a0d27',"
            + " '2026-11-21 10:11:12.123456', b'101', '{\"a\":[1,\"x\\\\n\"]}', POINT(1, 2), 1e-300,"
            + " 'x,ü'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "CREATE TABLE child (a INT, cid INT, CONSTRAINT fk1 FOREIGN KEY (cid) REFERENCES customer"
            + " (id))",
        "INSERT INTO child VALUES (1, 1), (2, NULL)",
        "CREATE TABLE parted (a INT, b TEXT) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN"
            + " (100), PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "INSERT INTO parted SELECT seq, REPEAT('x', seq) FROM seq_0_to_99",
        "CREATE TABLE old (a INT PRIMARY KEY, b VARCHAR(10) CHARACTER SET latin1) ENGINE=MyISAM",
        "INSERT INTO old VALUES (1, 'ü')",
        "CREATE TABLE empty_one (a INT)",
        "CREATE SEQUENCE numbers START WITH 7 INCREMENT BY 3 NOCACHE",
        "CREATE VIEW v AS SELECT count(*) AS n FROM customer",
        "CREATE VIEW a_before_v AS SELECT * FROM v WHERE n > 1",
        "CREATE DEFINER = app@localhost VIEW `v '2` AS SELECT 'x\\nALTER DATABASE `x` CHARACTER SET"
            + " latin1 COLLATE latin1_bin ;' AS t, id FROM customer",
        "CREATE TRIGGER stamp BEFORE INSERT ON customer FOR EACH ROW BEGIN\n"
            + "SET NEW.name = concat(NEW.name, '\n-- Dump completed on 2020'); END",
        "CREATE DEFINER = app@localhost TRIGGER `t r``2` AFTER DELETE ON child FOR EACH ROW SET @x"
            + " = 1",
        "CREATE PROCEDURE p(IN x INT) BEGIN\n-- a comment; that stays\nSELECT x; DELETE FROM old; END",
        "CREATE DEFINER = app@localhost FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN a + 1",
        "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO BEGIN\n"
            + "INSERT INTO old VALUES (9, 'x'); END",
        "CREATE EVENT ev2 ON SCHEDULE EVERY 2 DAY STARTS '2037-01-01 00:00:00' DO DELETE FROM old",
        "SET sql_mode = ORACLE",
        "CREATE PACKAGE pk AS PROCEDURE q; END",
        "CREATE PACKAGE BODY pk AS PROCEDURE q AS BEGIN NULL; END; END",
        // Triggers and routines remember the collation that was the default when they were made.
        "ALTER DATABASE " + quoted + " COLLATE utf8mb4_unicode_ci");
    return source(name);
  }

  @Override
  public Source big(long bytes) {
    String name = "big" + names.incrementAndGet();
    server.execute("mysql", "CREATE DATABASE " + name);
    server.execute(
        name,
        "CREATE TABLE t (i INT, s TEXT)",
        "INSERT INTO t SELECT seq, REPEAT(MD5(seq), 31) FROM seq_1_to_" + (bytes / 1000 + 1));
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
                MariadbLab.ADMIN,
                "password",
                "env:LAB"));
    all.putAll(connection);
    return new Source(
        database,
        new Options(all),
        Options.of(options),
        reference ->
            new Secret(
                switch (reference) {
                  case "env:LAB" -> server.password();
                  case "env:NOBODY" -> "n-" + number();
                  default -> "wrong-" + server.password();
                }));
  }

  @Override
  public String content(Source source) {
    return content(source.database());
  }

  @Override
  public String content(RestoreReport restored) {
    return content(restored.target().replaceFirst("^database (.*) on .*$", "$1"));
  }

  private String content(String database) {
    String here = " = " + Sql.literal(database);
    StringBuilder all = new StringBuilder();
    for (String table :
        server.query(
            database,
            "SELECT HEX(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA"
                + here
                + " ORDER BY 1")) {
      byte[] name = java.util.HexFormat.of().parseHex(table);
      String quoted = Sql.identifier(new String(name, StandardCharsets.UTF_8));
      all.append(server.rows(database, "SHOW CREATE TABLE " + quoted));
      all.append(server.rows(database, "SELECT * FROM " + quoted + " ORDER BY 1"));
    }
    for (String sql :
        List.of(
            "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM"
                + " information_schema.SCHEMATA WHERE SCHEMA_NAME",
            "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,"
                + " ACTION_STATEMENT, SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION,"
                + " DATABASE_COLLATION FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA",
            "SELECT ROUTINE_NAME, ROUTINE_TYPE, DTD_IDENTIFIER, ROUTINE_DEFINITION, SQL_MODE,"
                + " DEFINER, IS_DETERMINISTIC, DATABASE_COLLATION FROM information_schema.ROUTINES"
                + " WHERE ROUTINE_SCHEMA",
            "SELECT EVENT_NAME, EVENT_DEFINITION, INTERVAL_VALUE, STARTS, DEFINER,"
                + " DATABASE_COLLATION FROM information_schema.EVENTS WHERE EVENT_SCHEMA")) {
      all.append(server.rows(database, sql + here + " ORDER BY 1, 2")).append('\n');
    }
    return all.toString().replace(Sql.identifier(database) + ".", "");
  }

  @Override
  public void spoil(Source source) {
    server.execute(
        source.database(),
        "DROP VIEW a_before_v",
        "DROP TRIGGER stamp",
        "DELETE FROM child",
        "DELETE FROM customer WHERE id > 3",
        "DROP FUNCTION f",
        "CREATE TABLE later (a INT, cid INT, FOREIGN KEY (cid) REFERENCES customer (id))",
        "CREATE TRIGGER later AFTER INSERT ON later FOR EACH ROW SET @x = 2",
        "CREATE PROCEDURE later() SELECT 1",
        "CREATE EVENT later ON SCHEDULE EVERY 1 DAY DO SELECT 1");
  }

  @Override
  public List<String> inventory() {
    return server.query("mysql", "SHOW DATABASES");
  }

  @Override
  public String freshName() {
    return "fresh-" + names.incrementAndGet();
  }

  @Override
  public String takenName() {
    return "taken";
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    String name = freshName();
    server.execute("mysql", "CREATE DATABASE " + Sql.identifier(name));
    ProcessBuilder client =
        new ProcessBuilder(
            "mariadb",
            "--no-defaults",
            "--host=" + server.host(),
            "--port=" + server.port(),
            "--protocol=TCP",
            "--user=" + MariadbLab.ADMIN,
            name);
    client.environment().put("MYSQL_PWD", server.password());
    return Optional.of(client.redirectInput(artifact.toFile()));
  }

  @Override
  public List<byte[]> foreign() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "--\n-- PostgreSQL database dump\n--\n",
            "CREATE TABLE t (a INT);\n-- Dump completed on 2026-11-21 10:00:00\n",
            "-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)\n",
            "/*M!999999\\- enable the sandbox mode */ \n",
            "-- Dump completed\n")) {
      all.add(text.getBytes(StandardCharsets.UTF_8));
    }
    all.add(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
    all.add(new byte[10_000]);
    return all;
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return Optional.of(
        () ->
            server
                .query(
                    "mysql",
                    "SELECT id FROM information_schema.PROCESSLIST WHERE db = "
                        + Sql.literal(source.database()))
                .forEach(id -> server.execute("mysql", "KILL " + id)));
  }

  @Override
  public Optional<Source> withoutTools(Source source) {
    return Optional.of(
        source(source.database(), Map.of(), Map.of("tools_dir", server.directory().toString())));
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
    Path tools = StandIns.make("mariadb-dump", script, Path.of("/usr/bin"), "mariadb");
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
            Newer.with(facts, "server_version", "99.1.2-MariaDB"),
            "99.1.2",
            facts.values().get("server_version").split("-", 2)[0],
            Newer.with(facts, "server_version", "10.2.1-MariaDB")));
  }

  @Override
  public void close() {
    server.close();
  }
}
