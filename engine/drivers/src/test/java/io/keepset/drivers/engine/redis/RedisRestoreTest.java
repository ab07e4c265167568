package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.RestoreProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores whose server is somebody else's too: of others, of Sentinels, of what was killed. */
class RedisRestoreTest extends RedisRestores {
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
}
