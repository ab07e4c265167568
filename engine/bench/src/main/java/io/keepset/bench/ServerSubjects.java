package io.keepset.bench;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.elasticsearch.ElasticEngine;
import io.keepset.drivers.engine.elasticsearch.ElasticEngineLab;
import io.keepset.drivers.engine.elasticsearch.ElasticLab;
import io.keepset.drivers.engine.etcd.EtcdEngine;
import io.keepset.drivers.engine.etcd.EtcdEngineLab;
import io.keepset.drivers.engine.rabbitmq.RabbitEngine;
import io.keepset.drivers.engine.rabbitmq.RabbitEngineLab;
import io.keepset.drivers.engine.redis.RedisEngine;
import io.keepset.drivers.engine.redis.RedisEngineLab;
import io.keepset.drivers.engine.scylla.CassandraLab;
import io.keepset.drivers.engine.scylla.ScyllaEngine;
import io.keepset.drivers.engine.scylla.ScyllaEngineLab;
import io.keepset.drivers.lab.MavenFiles;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The servers of the contract's laws, with the large database that those know to make. */
final class ServerSubjects {
  private static final long SIZE = 300_000_000;

  /** Definitions are no data: a broker with as many is not to be had, but its limits are. */
  private static final long DEFINITIONS = 50_000_000;

  private final Path work;

  ServerSubjects(Path work) {
    this.work = work;
  }

  void redis(Subjects.Each each) throws Exception {
    try (EngineLab lab = new RedisEngineLab()) {
      // The laws' own large database is of values that are all alike.
      Source source = lab.big(1);
      Map<String, String> login = Map.of("REDISCLI_AUTH", password(source));
      String client = "redis-cli --no-auth-warning -p " + port(source);
      shell(
          login,
          client
              + " eval \"for i = 1, 300000 do local t = {} for j = 1, 25 do"
              + " t[j] = redis.sha1hex(i * 25 + j) end"
              + " redis.call('SET', 'text:' .. i, table.concat(t)) end\" 0");
      each.subject(
          new Subject(
              RedisEngine.NAME,
              "300,000 strings of 1,000 hexadecimal digits",
              source,
              "redis-cli --rdb -",
              login,
              client + " --rdb -" + Subject.packed(work.resolve("redis.zst"))));
    }
  }

  void etcd(Subjects.Each each) throws Exception {
    try (EngineLab lab = new EtcdEngineLab()) {
      Source source = lab.big(1);
      Map<String, String> login =
          Map.of(
              "ETCDCTL_API",
              "3",
              "ETCDCTL_ENDPOINTS",
              "127.0.0.1:" + port(source),
              "ETCDCTL_USER",
              "root:" + password(source));
      shell(
          login,
          "for i in $(seq 300); do head -c 500000 /dev/urandom | od -An -v -tx1 | tr -d ' \\n'"
              + " | etcdctl put text$i; done");
      Path snapshot = work.resolve("snapshot.db");
      each.subject(
          new Subject(
              EtcdEngine.NAME,
              "300 values of 1 MB of hexadecimal text",
              source,
              "etcdctl snapshot save",
              login,
              "etcdctl snapshot save "
                  + snapshot
                  + " && zstd -q -3 -f "
                  + snapshot
                  + " && cat "
                  + snapshot
                  + ".zst > /dev/null"));
    }
  }

  void rabbitmq(Subjects.Each each) throws Exception {
    try (EngineLab lab = new RabbitEngineLab()) {
      Source source = lab.big(DEFINITIONS);
      each.subject(
          new Subject(
              RabbitEngine.NAME,
              "50 parameters of 1 MB",
              source,
              "curl api/definitions",
              Map.of("LOGIN", "lab:" + password(source)),
              "curl -sSf -u \"$LOGIN\" http://127.0.0.1:"
                  + port(source)
                  + "/api/definitions"
                  + Subject.packed(work.resolve("definitions.zst"))));
    }
  }

  void elasticsearch(Subjects.Each each) throws Exception {
    ElasticLab server = new ElasticLab("elasticsearch");
    try (EngineLab lab = new ElasticEngineLab(server)) {
      // Behind a way that the laws can cut; the bench goes straight.
      Source large = lab.big(SIZE / 2);
      Source source =
          new Source(large.database(), lab.small().connection(), large.options(), large.secrets());
      String place = source.options().get("repository.path").orElseThrow() + "/by-hand";
      String url = "http://127.0.0.1:" + port(source);
      String curl = "curl -sSf -o /dev/null -u \"$LOGIN\" -H 'Content-Type: application/json' ";
      String one = url + "/_snapshot/by-hand/one";
      each.subject(
          new Subject(
              ElasticEngine.NAME,
              "an index of base64",
              source,
              "curl _snapshot; tar",
              Map.of("LOGIN", "lab:" + password(source)),
              String.join(
                  " && ",
                  curl
                      + "-X PUT "
                      + url
                      + "/_snapshot/by-hand -d '{\"type\":\"fs\",\"settings\":{\"location\":\""
                      + place
                      + "\"}}'",
                  curl
                      + "-X PUT '"
                      + one
                      + "?wait_for_completion=true' -d '{\"indices\":\""
                      + source.options().list("indices").get(0)
                      + "\"}'",
                  "tar -C " + place + " -cf - ." + Subject.packed(work.resolve("elastic.zst")),
                  curl + "-X DELETE " + one,
                  curl + "-X DELETE " + url + "/_snapshot/by-hand")));
    }
  }

  void scylla(Subjects.Each each) throws Exception {
    try (EngineLab lab = new ScyllaEngineLab(CassandraLab.start())) {
      Source source = lab.big(SIZE);
      String data = source.connection().get("data[0]").orElseThrow();
      // With what the server itself was started with, as the script around it does.
      String nodetool =
          Path.of(System.getProperty("java.home"), "bin", "java")
              + " -XX:TieredStopAtLevel=1 @"
              + data
              + "/../flags -Duser.home="
              + work
              + " -cp \"$CASSANDRA\" org.apache.cassandra.tools.NodeTool -p "
              + source.connection().get("jmx_port").orElseThrow();
      each.subject(
          new Subject(
              ScyllaEngine.NAME,
              "6,000 random values of 50 kB in Cassandra",
              source,
              "nodetool snapshot; tar",
              Map.of("CASSANDRA", MavenFiles.classPath("cassandra")),
              String.join(
                  " && ",
                  nodetool
                      + " snapshot -t by-hand "
                      + source.connection().get("keyspace").orElseThrow(),
                  "cd " + data,
                  "tar -cf - */*/snapshots/by-hand" + Subject.packed(work.resolve("cassandra.zst")),
                  nodetool + " clearsnapshot -t by-hand")));
    }
  }

  private void shell(Map<String, String> environment, String command)
      throws IOException, InterruptedException {
    Shell.run(environment, work.resolve("fill.log"), "bash", "-c", command);
  }

  private static String port(Source source) {
    return source.connection().get("port").orElseThrow();
  }

  private static String password(Source source) throws DriverException {
    String reference = source.connection().get("password").orElseThrow();
    return source.secrets().resolve(reference).reveal();
  }
}
