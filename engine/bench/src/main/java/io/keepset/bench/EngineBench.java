package io.keepset.bench;

import io.keepset.drivers.engine.elasticsearch.ElasticEngine;
import io.keepset.drivers.engine.etcd.EtcdEngine;
import io.keepset.drivers.engine.mysql.MysqlEngine;
import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.drivers.engine.rabbitmq.RabbitEngine;
import io.keepset.drivers.engine.redis.RedisEngine;
import io.keepset.drivers.engine.s3.S3Engine;
import io.keepset.drivers.engine.scylla.ScyllaEngine;
import io.keepset.drivers.engine.volume.VolumeEngine;
import io.keepset.drivers.lab.MavenFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opentest4j.TestAbortedException;

/**
 * A whole backup by each engine beside the shortest pipe of the engine's own tool. An engine
 * without a server on this machine is skipped; of {@code mongodb} and {@code rethinkdb} there is
 * none that a package brings.
 */
final class EngineBench {
  private final Report report;
  private final Path home;
  private final Comparison comparison;
  private final Map<String, Subjects> engines = new TreeMap<>();

  EngineBench(Report report, Path work, Path home, int rounds) {
    this.report = report;
    this.home = home;
    this.comparison = new Comparison(report, work, rounds);
    SqlSubjects sql = new SqlSubjects(work);
    ServerSubjects servers = new ServerSubjects(work);
    FileSubjects files = new FileSubjects(work);
    engines.put(PostgresEngine.NAME, sql::postgresqlText);
    engines.put(MysqlEngine.NAME, sql::mariadb);
    engines.put(RedisEngine.NAME, servers::redis);
    engines.put(EtcdEngine.NAME, servers::etcd);
    engines.put(RabbitEngine.NAME, servers::rabbitmq);
    engines.put(ElasticEngine.NAME, servers::elasticsearch);
    engines.put(ScyllaEngine.NAME, servers::scylla);
    engines.put(VolumeEngine.NAME, files::volume);
    engines.put(S3Engine.NAME, files::s3);
  }

  /**
   * @param wanted names of engines; none is all
   */
  void run(List<String> wanted) throws Exception {
    System.setProperty(
        MavenFiles.FOLDER, home.resolve("engine/drivers/src/test/servers").toString());
    List<String> lines = new ArrayList<>();
    List<Exception> failed = new ArrayList<>();
    for (Map.Entry<String, Subjects> engine : engines.entrySet()) {
      if (!wanted.isEmpty() && !wanted.contains(engine.getKey())) {
        continue;
      }
      try {
        engine.getValue().each(subject -> lines.add(comparison.run(subject)));
      } catch (TestAbortedException e) {
        report.title("Backup of " + engine.getKey());
        report.skipped(engine.getKey(), String.valueOf(e.getMessage()));
      } catch (Exception e) {
        // What the others found is not lost with it.
        report.line(engine.getKey(), "failed", String.valueOf(e.getMessage()));
        failed.add(e);
      }
    }
    report.title("For BENCHMARKS.md");
    report.plain(
        "| Engine and data | Its own tool, `zstd -3`, one read | Keepset | Ratio | Ratio of processor time | Memory |");
    report.plain("|---|---|---|---|---|---|");
    lines.forEach(report::plain);
    if (!failed.isEmpty()) {
      throw failed.get(0);
    }
  }
}
