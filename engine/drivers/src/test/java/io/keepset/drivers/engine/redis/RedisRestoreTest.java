package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Certificates;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.RestoreProcess;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores whose server is somebody else's too: of others, of Sentinels, of what was killed. */
class RedisRestoreTest {
  private static final RedisEngine ENGINE = new RedisEngine();
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  private static final int KEYS = 2000;

  private static RedisLab origin;
  private static byte[] artifact;
  private static ArtifactFacts facts;

  @BeforeAll
  static void back() throws Exception {
    origin = RedisLab.start();
    origin.run("DEBUG", "POPULATE", String.valueOf(KEYS), "key", "1000");
    try (Dump dump = ENGINE.dump(origin.leastRights())) {
      artifact = dump.stream().readAllBytes();
      facts = dump.finish().facts();
    }
  }

  @AfterAll
  static void stop() {
    origin.close();
  }

  private static RestoreReport restore(RedisLab target) throws DriverException {
    return restore(new ByteArrayInputStream(artifact), facts, target.leastRights());
  }

  private static RestoreReport restore(InputStream from, ArtifactFacts facts, Source target)
      throws DriverException {
    ENGINE.checkRestore(facts, target, OVER);
    return ENGINE.restore(from, facts, List.of(), target, OVER);
  }

  /** A restore that stands still in its middle until it is let go. */
  private static final class Held {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final CompletableFuture<Object> end;

    Held(RedisLab target) throws InterruptedException {
      end =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return restore(stream(), facts, target.leastRights());
                } catch (DriverException e) {
                  return e;
                }
              });
      reached.await();
    }

    private InputStream stream() {
      return new ByteArrayInputStream(artifact) {
        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
          if (pos > artifact.length / 2) {
            reached.countDown();
            try {
              open.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return super.read(bytes, offset, Math.min(length, 10_000));
        }
      };
    }

    Object end() {
      open.countDown();
      return end.join();
    }
  }

  @Test
  void aSecondRestoreIsRefusedWhileTheFirstIsUnderWay() throws Exception {
    try (RedisLab target = RedisLab.start()) {
      Held first = new Held(target);

      assertThatThrownBy(() -> restore(target))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REJECTED))
          .hasMessageContaining("another restore into " + target.name() + " is under way, from ")
          .hasMessageContaining("CLIENT KILL ID ");

      assertThat(first.end()).isInstanceOf(RestoreReport.class);
      assertThat(target.run("DEBUG", "DIGEST")).isEqualTo(origin.run("DEBUG", "DIGEST"));
      restore(target);
    }
  }

  @Test
  void aServerThatSomebodyTakesOverFailsTheRestoreAndIsLeftToThem() throws Exception {
    try (RedisLab target = RedisLab.start()) {
      String port = String.valueOf(FreePort.take());
      Held restoring = new Held(target);
      target.run("REPLICAOF", "127.0.0.1", port);

      assertThat(restoring.end.join())
          .isInstanceOfSatisfying(
              DriverException.class,
              e ->
                  assertThat(e)
                      .hasMessageContaining("somebody else took the server over")
                      .hasMessageContaining("replicates from 127.0.0.1:" + port));

      assertThat(target.run("INFO", "replication")).contains("master_port:" + port);
      restoring.end();
    }
  }

  @Test
  void aServerThatIsMadeAPrimaryMeanwhileFailsTheRestore() throws Exception {
    try (RedisLab target = RedisLab.start()) {
      target.run("SET", "old", "1");
      Held restoring = new Held(target);
      target.run("REPLICAOF", "NO", "ONE");

      assertThat(restoring.end.join())
          .isInstanceOfSatisfying(
              DriverException.class,
              e ->
                  assertThat(e)
                      .hasMessageContaining("now it is a primary")
                      .hasMessageEndingWith("; its 1 keys are as they were"));

      assertThat(target.run("GET", "old")).isEqualTo("1");
      restoring.end();
    }
  }

  @Test
  void whatAKilledRestoreLeavesIsNamedWithItsCure(@TempDir Path data) throws Exception {
    try (RedisLab target = RedisLab.start()) {
      boolean killed =
          RestoreProcess.killed(
              "redis",
              artifact,
              target.leastRights(),
              Map.of("LAB", RedisLab.PASSWORD),
              data,
              () -> target.run("INFO", "replication").contains("role:slave"));
      assertThat(killed).isTrue();
      Await.until(
          "the link to break",
          () -> target.run("INFO", "replication").contains("master_link_status:down"));

      assertThatThrownBy(() -> restore(target))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("which does not answer")
          .hasMessageContaining("run REPLICAOF NO ONE there and restore again");
      assertThat(ENGINE.check(target.leastRights()))
          .anyMatch(finding -> finding.message().contains("it refuses all writes"));
      assertThatThrownBy(() -> ENGINE.dump(target.leastRights()))
          .hasMessageContaining("run REPLICAOF NO ONE there");

      target.run("REPLICAOF", "NO", "ONE");
      restore(target);
      assertThat(target.keys()).isEqualTo(KEYS);
    }
  }

  @Test
  void aPrimaryThatASentinelWatchesIsRefused(@TempDir Path directory) throws Exception {
    try (RedisLab target = RedisLab.start()) {
      String[] name = target.name().split(":", 2);
      Path settings = directory.resolve("sentinel.conf");
      Files.writeString(
          settings,
          String.join(
              "\n",
              "port " + FreePort.take(),
              "bind 127.0.0.1",
              "dir " + directory,
              "sentinel monitor lab " + name[0] + " " + name[1] + " 1",
              "sentinel auth-pass lab " + RedisLab.PASSWORD,
              ""));
      Process sentinel =
          new ProcessBuilder(RedisLab.PROGRAM.toString(), settings.toString(), "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      try {
        Await.until("the Sentinel", () -> target.run("CLIENT", "LIST").contains(" name=sentinel-"));

        assertThatThrownBy(() -> restore(target))
            .isInstanceOf(DriverException.class)
            .hasMessageContaining("is watched by a Sentinel (127.0.0.1:")
            .hasMessageContaining("SENTINEL REMOVE");
        assertThat(target.run("INFO", "replication")).contains("role:master");
      } finally {
        sentinel.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void aServerThatWantsTlsOfItsPrimaryIsRefused(@TempDir Path directory) throws Exception {
    Certificates certificates = Certificates.make(directory);
    try (RedisLab target =
        RedisLab.start(
            "tls-cert-file " + certificates.file("server.pem"),
            "tls-key-file " + certificates.file("server.key"),
            "tls-ca-cert-file " + certificates.file("ca.pem"),
            "tls-replication yes")) {
      target.run("SET", "old", "1");
      assertThatThrownBy(() -> restore(target))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REJECTED))
          .hasMessageContaining("CONFIG SET tls-replication no");

      // Who may not ask for the setting hears of it when the server comes.
      target.run("ACL", "SETUSER", "restore", "-config|get");
      assertThatThrownBy(() -> restore(target))
          .hasMessageContaining("CONFIG SET tls-replication no")
          .hasMessageEndingWith("; its 1 keys are as they were");
      assertThat(target.run("GET", "old")).isEqualTo("1");
      assertThat(target.run("INFO", "replication")).contains("role:master");
    }
  }

  @Test
  void whatDoesNotSpeakTheProtocolFailsAtOnce() throws Exception {
    try (RedisLab target = RedisLab.start();
        Connection connection = Connection.open(Address.toRestore(target.leastRights()));
        Primary primary = Primary.start(connection, 0, new ByteArrayInputStream(new byte[0]))) {
      try (Socket foreign = new Socket("127.0.0.1", primary.port())) {
        foreign.getOutputStream().write("*x\r\n".getBytes(StandardCharsets.US_ASCII));

        Await.until("the failure", () -> primary.failure().isPresent());

        assertThat(primary.failure().orElseThrow())
            .hasMessageContaining("it does not speak the Redis protocol");
      }
    }
  }

  /** As many keys before as in the backup: their number says nothing. */
  @Test
  void afterACancelTheMessageTellsWhichKeysAreThere() throws Exception {
    try (RedisLab target = RedisLab.start()) {
      target.run("DEBUG", "POPULATE", String.valueOf(KEYS), "old", "10");
      String before = target.run("DEBUG", "DIGEST");
      FutureTask<DriverException> restoring =
          new FutureTask<>(
              () ->
                  catchThrowableOfType(
                      DriverException.class,
                      () ->
                          restore(atItsEnd(Thread.currentThread()), facts, target.leastRights())));
      Thread thread = new Thread(restoring, "restoring");
      thread.start();

      DriverException e = restoring.get();

      boolean old = target.run("DEBUG", "DIGEST").equals(before);
      assertThat(e).hasMessageStartingWith("the restore was cancelled");
      assertThat(e)
          .hasMessageEndingWith(
              old
                  ? "; it held 2000 keys before and holds 2000 now"
                  : "; the server had loaded the backup already: it holds 2000 keys of it");
      assertThat(target.run("INFO", "replication")).contains("role:master");
    }
  }

  /** The backup, whose end cancels whoever waits for the restore. */
  private static InputStream atItsEnd(Thread cancelled) {
    return new ByteArrayInputStream(artifact) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        int n = super.read(bytes, offset, length);
        if (n < 0) {
          cancelled.interrupt();
        }
        return n;
      }
    };
  }

  @Test
  void keysWhoseTimeIsOverAreNotMissing() throws Exception {
    try (RedisLab source = RedisLab.start();
        RedisLab target = RedisLab.start()) {
      source.run("SET", "stays", "1");
      source.run("SET", "goes", "1", "PX", "400");
      byte[] small;
      ArtifactFacts of;
      try (Dump dump = ENGINE.dump(source.leastRights())) {
        small = dump.stream().readAllBytes();
        of = dump.finish().facts();
      }
      assertThat(of.values()).containsEntry("keys", "2");
      Await.until("the key to expire", () -> source.run("GET", "goes").isEmpty());

      RestoreReport report = restore(new ByteArrayInputStream(small), of, target.leastRights());

      assertThat(report.notes())
          .anyMatch(note -> note.startsWith("1 of the 2 keys have an expiry"));
      assertThat(target.run("GET", "stays")).isEqualTo("1");
      assertThat(target.run("GET", "goes")).isEmpty();
    }
  }

  @Test
  void fewerKeysThanInTheBackupAreAFailure() throws Exception {
    try (RedisLab target = RedisLab.start()) {
      ArtifactFacts more = Newer.with(facts, "keys", String.valueOf(KEYS + 1));

      assertThatThrownBy(
              () -> restore(new ByteArrayInputStream(artifact), more, target.leastRights()))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining(
              "the backup holds " + (KEYS + 1) + " keys, but only " + KEYS + " arrived");
    }
  }

  @Test
  void aServerThatWouldThrowKeysAwayIsRefused() throws Exception {
    try (RedisLab target = RedisLab.start("maxmemory 2mb", "maxmemory-policy allkeys-lru")) {
      assertThatThrownBy(() -> restore(target))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("has maxmemory 2097152 and throws keys away above it");

      TreeMap<String, String> without = new TreeMap<>(facts.values());
      without.remove("used_memory");
      ArtifactFacts older = new ArtifactFacts(facts.format(), without);
      assertThatThrownBy(
              () -> restore(new ByteArrayInputStream(artifact), older, target.leastRights()))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("it throws keys of the backup away");

      target.run("CONFIG", "SET", "maxmemory-policy", "noeviction");
      assertThat(restore(target).notes())
          .anyMatch(note -> note.contains("refuses writes until it is raised"));
      assertThat(target.keys()).isEqualTo(KEYS);
    }
  }
}
