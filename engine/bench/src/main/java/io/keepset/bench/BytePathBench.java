package io.keepset.bench;

import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Dump, compress, encrypt, store, synchronise, read back and verify, beside the shortest pipe that
 * only dumps and compresses, plus one read of its file.
 */
final class BytePathBench {
  private static final String KEY = "bench/bench-20260101T000000Z-0000/artifact";

  private final Report report;
  private final Path work;
  private final int rounds;

  BytePathBench(Report report, Path work, int rounds) {
    this.report = report;
    this.work = work;
    this.rounds = rounds;
  }

  void run() throws Exception {
    try (PostgresLab lab = PostgresLab.start(List.of("shared_buffers=1GB", "fsync=off"))) {
      lab.createDatabase("pgbench");
      lab.createDatabase("text");
      Shell.run(
          environment(lab),
          work.resolve("pgbench.log"),
          lab.bin().resolve("pgbench").toString(),
          "-i",
          "-q",
          "-s",
          "50",
          "pgbench");
      lab.execute(
          "text",
          "CREATE TABLE t AS SELECT g AS id, md5(g::text) || md5((g + 1)::text) ||"
              + " md5((g * 7)::text) AS body FROM generate_series(1, 5000000) g",
          "ANALYZE t");
      compare(lab, "pgbench", "pgbench, scale 50 (compresses 100:1)");
      compare(lab, "text", "hexadecimal text, 5,000,000 rows (compresses 2:1)");
    }
  }

  private void compare(PostgresLab lab, String database, String title) throws Exception {
    report.title("Backup of a PostgreSQL database: " + title);
    Times plain = new Times();
    Times ours = new Times();
    Path file = work.resolve(database + ".zst");
    List<String> size =
        lab.query("postgres", "SELECT pg_size_pretty(pg_database_size('" + database + "'))");
    report.line("size of the database", size.get(0), "");
    Times cold = new Times();
    cold.measure(() -> backup(lab, database));
    for (int i = 0; i < rounds; i++) {
      plain.measure(
          () ->
              Shell.run(
                  environment(lab),
                  work.resolve("dump.log"),
                  "bash",
                  "-c",
                  "set -o pipefail; pg_dump -w -Fc -Z0 -d "
                      + database
                      + " | zstd -q -3 -f -o "
                      + file
                      + " && cat "
                      + file
                      + " > /dev/null"));
      ours.measure(() -> backup(lab, database));
    }
    report.times("pg_dump -Fc -Z0 | zstd -3 > file; cat file", plain, "");
    report.times("Keepset: dump, pack, seal, sync, read back, verify", ours, "");
    report.times("the same, the first one of the process", cold, "");
    report.ratio("Keepset / pipe", ours, plain, "wanted: 1.10 or less");
    report.line(
        "stored",
        String.format(
            "%.1f MB", java.nio.file.Files.size(work.resolve("store").resolve(KEY)) / 1e6),
        "");
  }

  private void backup(PostgresLab lab, String database) throws Exception {
    Source source =
        new Source(
            database,
            Options.of(
                Map.of(
                    "host",
                    lab.host(),
                    "port",
                    String.valueOf(lab.port()),
                    "database",
                    database,
                    "user",
                    PostgresLab.SUPERUSER,
                    "password",
                    "env:PASSWORD")),
            Options.NONE,
            reference -> new Secret(lab.password()));
    OneBackup.run(new PostgresEngine(), source, KEY, work.resolve("store"));
  }

  private static Map<String, String> environment(PostgresLab lab) {
    return Map.of(
        "PGHOST", lab.host(),
        "PGPORT", String.valueOf(lab.port()),
        "PGUSER", PostgresLab.SUPERUSER,
        "PGPASSWORD", lab.password());
  }
}
