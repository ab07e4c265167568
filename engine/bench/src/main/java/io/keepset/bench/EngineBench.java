package io.keepset.bench;

import io.keepset.drivers.engine.etcd.EtcdEngine;
import io.keepset.drivers.engine.mysql.MysqlEngine;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.policy.Options;
import io.keepset.spi.Engine;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole backup of other engines beside the shortest pipe of the engine's own tool. */
final class EngineBench {
  private static final int ETCD_VALUES = 200;
  private static final int ETCD_VALUE_BYTES = 1_000_000;

  private final Report report;
  private final Path work;
  private final int rounds;

  EngineBench(Report report, Path work, int rounds) {
    this.report = report;
    this.work = work;
    this.rounds = rounds;
  }

  void run() throws Exception {
    if (Shell.has("mariadb-dump")) {
      mariadb();
    } else {
      report.skipped("mysql", "mariadb-server and mariadb-client are not installed");
    }
    if (Shell.has("etcd") && Shell.has("etcdctl")) {
      etcd();
    } else {
      report.skipped("etcd", "etcd-server and etcd-client are not installed");
    }
  }

  private void mariadb() throws Exception {
    try (MariadbLab lab = MariadbLab.start("innodb-buffer-pool-size=1G")) {
      lab.execute(
          "mysql",
          "CREATE DATABASE text",
          "CREATE TABLE text.t (id INT PRIMARY KEY, body VARCHAR(200))",
          "INSERT INTO text.t SELECT seq, CONCAT(MD5(seq), MD5(seq + 1), MD5(seq * 7)) FROM"
              + " seq_1_to_3000000");
      Path file = work.resolve("mariadb.zst");
      compare(
          "MariaDB: hexadecimal text, 3,000,000 rows",
          new MysqlEngine(),
          new Source(
              "text",
              Options.of(
                  Map.of(
                      "host",
                      lab.host(),
                      "port",
                      String.valueOf(lab.port()),
                      "user",
                      MariadbLab.ADMIN,
                      "password",
                      "env:PASSWORD")),
              Options.NONE,
              reference -> new Secret(lab.password())),
          Map.of("MYSQL_PWD", lab.password()),
          "mariadb-dump --no-defaults -h 127.0.0.1 -P "
              + lab.port()
              + " -u admin --single-transaction --quick --routines --triggers --events --hex-blob text"
              + " | zstd -q -3 -f -o "
              + file
              + " && cat "
              + file
              + " > /dev/null");
    }
  }

  private void etcd() throws Exception {
    int port;
    int peer;
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket two = new ServerSocket(0)) {
      port = one.getLocalPort();
      peer = two.getLocalPort();
    }
    String client = "http://127.0.0.1:" + port;
    Process server =
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + work.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=http://127.0.0.1:" + peer,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
                "--initial-cluster=default=http://127.0.0.1:" + peer)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("etcd.log").toFile())
            .start();
    try {
      fill(port);
      Path snapshot = work.resolve("snapshot.db");
      compare(
          "etcd: " + ETCD_VALUES + " random values of 1 MB",
          new EtcdEngine(),
          new Source(
              "config",
              Options.of(Map.of("host", "127.0.0.1", "port", String.valueOf(port))),
              Options.NONE,
              reference -> new Secret("")),
          Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", "127.0.0.1:" + port),
          "etcdctl snapshot save "
              + snapshot
              + " && zstd -q -3 -f "
              + snapshot
              + " && cat "
              + snapshot
              + ".zst > /dev/null");
    } finally {
      server.destroy();
      server.waitFor(20, TimeUnit.SECONDS);
      server.destroyForcibly();
    }
  }

  private void fill(int port) throws IOException, InterruptedException {
    Shell.run(
        Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", "127.0.0.1:" + port),
        work.resolve("fill.log"),
        "bash",
        "-c",
        "until etcdctl endpoint health; do sleep 0.2; done; for i in $(seq "
            + ETCD_VALUES
            + "); do head -c "
            + ETCD_VALUE_BYTES
            + " /dev/urandom | etcdctl put k$i > /dev/null || exit 1; done");
  }

  private void compare(
      String title, Engine engine, Source source, Map<String, String> environment, String pipe)
      throws Exception {
    report.title("Backup of " + title);
    String key = "bench/" + engine.facts().name() + "-20260101T000000Z-0000/artifact";
    Times theirs = new Times();
    Times ours = new Times();
    OneBackup.run(engine, source, key, work.resolve("store"));
    for (int i = 0; i < rounds; i++) {
      theirs.measure(
          () ->
              Shell.run(
                  environment, work.resolve("pipe.log"), "bash", "-c", "set -o pipefail; " + pipe));
      ours.measure(() -> OneBackup.run(engine, source, key, work.resolve("store")));
    }
    report.times("its own tool, zstd -3, and one read of the file", theirs, "");
    report.times("Keepset: dump, pack, seal, sync, read back, verify", ours, "");
    report.ratio("Keepset / its own tool", ours, theirs, "wanted: 1.10 or less");
    report.line(
        "stored",
        String.format("%.1f MB", Files.size(work.resolve("store").resolve(key)) / 1e6),
        "");
  }
}
