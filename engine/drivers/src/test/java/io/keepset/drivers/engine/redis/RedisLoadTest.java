package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Certificates;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers load, and what keeps them from it. */
class RedisLoadTest extends RedisRestores {
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
      // It is over at once, and in the backup all the same.
      source.run("DEBUG", "SET-ACTIVE-EXPIRE", "0");
      source.run("SET", "stays", "1");
      source.run("SET", "goes", "1", "PX", "1");
      byte[] small;
      ArtifactFacts of;
      try (Dump dump = ENGINE.dump(source.leastRights())) {
        small = dump.stream().readAllBytes();
        of = dump.finish().facts();
      }
      assertThat(of.values()).containsEntry("keys", "2");

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
