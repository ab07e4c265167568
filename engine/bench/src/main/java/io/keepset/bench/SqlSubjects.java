package io.keepset.bench;

import io.keepset.drivers.engine.mysql.MysqlEngine;
import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** PostgreSQL and MariaDB: tables of hexadecimal text, which compresses 2:1, and pgbench's own. */
final class SqlSubjects {
  private static final String PG_SETTINGS = "shared_buffers=1GB";

  private final Path work;

  SqlSubjects(Path work) {
    this.work = work;
  }

  void mariadb(Subjects.Each each) throws Exception {
    try (MariadbLab lab = MariadbLab.start("innodb-buffer-pool-size=1G")) {
      lab.execute(
          "mysql",
          "CREATE DATABASE text",
          "CREATE TABLE text.t (id INT PRIMARY KEY, body VARCHAR(200))",
          "INSERT INTO text.t SELECT seq, CONCAT(MD5(seq), MD5(seq + 1), MD5(seq * 7)) FROM"
              + " seq_1_to_3000000");
      each.subject(
          new Subject(
              MysqlEngine.NAME,
              "3,000,000 rows of hexadecimal text in MariaDB",
              source("text", lab.host(), lab.port(), MariadbLab.ADMIN, lab.password()),
              "mariadb-dump",
              Map.of("MYSQL_PWD", lab.password()),
              "mariadb-dump --no-defaults -h 127.0.0.1 -P "
                  + lab.port()
                  + " -u admin --single-transaction --quick --routines --triggers --events"
                  + " --hex-blob text"
                  + Subject.packed(work.resolve("mariadb.zst"))));
    }
  }

  void postgresqlText(Subjects.Each each) throws Exception {
    try (PostgresLab lab = PostgresLab.start(List.of(PG_SETTINGS, "fsync=off"))) {
      each.subject(text(lab, 3_000_000));
      each.subject(documents(lab));
    }
  }

  /** What is compared since there is a byte path. */
  void postgresqlAll(Subjects.Each each) throws Exception {
    try (PostgresLab lab = PostgresLab.start(List.of(PG_SETTINGS, "fsync=off"))) {
      lab.createDatabase("pgbench");
      Shell.run(
          environment(lab),
          work.resolve("pgbench.log"),
          lab.bin().resolve("pgbench").toString(),
          "-i",
          "-q",
          "-s",
          "50",
          "pgbench");
      each.subject(subject(lab, "pgbench", "pgbench of scale 50"));
      each.subject(text(lab, 5_000_000));
    }
  }

  private Subject text(PostgresLab lab, int rows) {
    lab.createDatabase("text");
    lab.execute(
        "text",
        "CREATE TABLE t AS SELECT g AS id, md5(g::text) || md5((g + 1)::text) ||"
            + " md5((g * 7)::text) AS body FROM generate_series(1, "
            + rows
            + ") g",
        "ANALYZE t");
    return subject(lab, "text", String.format("%,d rows of hexadecimal text", rows));
  }

  /** Nothing like digits: another level of zstd is the better one for it. */
  private Subject documents(PostgresLab lab) {
    lab.createDatabase("documents");
    lab.execute(
        "documents",
        "CREATE TABLE t AS WITH names AS (SELECT array_agg(proname::text ORDER BY oid) AS of FROM"
            + " pg_proc) SELECT g AS id, json_build_object('id', g, 'customer', 'customer-' ||"
            + " g::bigint * 7919 % 50000, 'amount', g::bigint * 31337 % 1000000 / 100.0, 'at',"
            + " timestamptz '2026-01-01' + g * interval '7 s', 'note', (SELECT string_agg(names.of[1"
            + " + (hashint8(g * 12 + n) & 2047)], ' ') FROM generate_series(1, 12) n)) AS body FROM"
            + " names, generate_series(1, 2000000) g",
        "ANALYZE t");
    return subject(lab, "documents", "2,000,000 JSON documents with words");
  }

  private Subject subject(PostgresLab lab, String database, String data) {
    return new Subject(
        PostgresEngine.NAME,
        data,
        source(database, lab.host(), lab.port(), PostgresLab.SUPERUSER, lab.password()),
        "pg_dump -Fc -Z0",
        environment(lab),
        "pg_dump -w -Fc -Z0 -d " + database + Subject.packed(work.resolve("pg.zst")));
  }

  private static Source source(
      String database, String host, int port, String user, String password) {
    return new Source(
        database,
        Options.of(
            Map.of(
                "host",
                host,
                "port",
                String.valueOf(port),
                "database",
                database,
                "user",
                user,
                "password",
                "env:PASSWORD")),
        Options.NONE,
        reference -> new Secret(password));
  }

  private static Map<String, String> environment(PostgresLab lab) {
    return Map.of(
        "PGHOST", lab.host(),
        "PGPORT", String.valueOf(lab.port()),
        "PGUSER", PostgresLab.SUPERUSER,
        "PGPASSWORD", lab.password());
  }
}
