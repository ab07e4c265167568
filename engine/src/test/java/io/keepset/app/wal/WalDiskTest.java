package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.FullDisk;
import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.Samples;
import io.keepset.spi.Progress;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalScan;
import io.keepset.testing.Await;
import io.keepset.wal.InMemoryWalCatalogue;
import io.keepset.wal.RecoveryWindows;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalCheck;
import io.keepset.wal.WalWatch;
import io.keepset.watch.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A real server and receiver, and real disks that fill: receiving pauses, somebody is told, the
 * server keeps its log meanwhile, and once there is room again nothing is missing.
 */
class WalDiskTest {
  private static final int MIB = 1 << 20;
  private static PostgresLab postgres;

  private final RunnerLab lab = new RunnerLab();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();
  private FullDisk disk;
  private WalKeeper keeper;

  @BeforeAll
  static void startServer() {
    postgres = PostgresLab.start();
    postgres.execute("postgres", "create role backup login superuser password 'secret'");
  }

  @AfterAll
  static void stopServer() {
    if (postgres != null) {
      postgres.close();
    }
  }

  /** More than the 256 MiB that a spool leaves free, and some segments. */
  @BeforeEach
  void mount() throws Exception {
    disk = FullDisk.mount("336m");
    lab.now = Instant.now();
    lab.engine.log = new PostgresEngine().writeAheadLog();
  }

  @AfterEach
  void unmount() throws Exception {
    if (keeper != null) {
      keeper.close();
    }
    postgres.query(
        "postgres", "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    disk.close();
  }

  @Test
  void aFullDiskOfTheSpoolPausesReceivingAndCostsNothing() throws Exception {
    receive("8GiB");
    Path filling = fill(disk.directory(), 96 * MIB);

    await("receiving ends", () -> !receiving());
    write();
    write();
    turns(9);

    assertThat(receiving()).isFalse();
    assertThat(alarm()).contains("the disk of the spool").contains("is full");
    Files.delete(filling);
    everythingArrives();
  }

  @Test
  void aFullStorePausesReceivingOnceTheSpoolHoldsItsMostAndCostsNothing() throws Exception {
    try (FullDisk small = FullDisk.mount("24m")) {
      lab.stores.put(
          "main",
          new DirectoryStore(
              new DirectorySettings(small.directory().resolve("store"), false, () -> true)));
      receive("20MiB");
      Path filling = fill(small.directory(), 24 * MIB);

      write();
      write();
      write();
      await("receiving ends", () -> !receiving());
      turns(9);

      assertThat(receiving()).isFalse();
      assertThat(alarm()).containsIgnoringCase("space");
      Files.delete(filling);
      everythingArrives();
    }
  }

  private void receive(String most) throws Exception {
    lab.protect(protection(most));
    keeper = new WalKeeper(lab.ports(), catalogue, new Spool(disk.directory()), "orders");
    await("receiving", WalDiskTest::receiving);
    write();
    await("it is archived", () -> archived() >= written());
    assertThat(problems()).isEmpty();
  }

  private void everythingArrives() throws Exception {
    write();
    long end = written();
    await("everything is archived", () -> archived() >= end);
    turns(1);

    assertThat(receiving()).isTrue();
    assertThat(problems()).isEmpty();
    assertThat(RecoveryWindows.stretches(catalogue.files("orders")))
        .singleElement()
        .satisfies(
            files ->
                assertThat(files.get(files.size() - 1).scan().map(WalScan::end))
                    .hasValueSatisfying(last -> assertThat(last).isGreaterThanOrEqualTo(end)));
    // What is young may be of somebody who is writing.
    lab.now = lab.now.plus(Duration.ofDays(1));
    assertThat(new WalCheck(lab.ports(), catalogue).run("main", true, Progress.NONE)).isEmpty();
  }

  private void turns(int count) {
    for (int i = 0; i < count; i++) {
      lab.now = lab.now.plus(Duration.ofSeconds(20));
      keeper.turn();
    }
  }

  private void await(String what, Await.Condition condition) throws InterruptedException {
    Await.until(
        what,
        () -> {
          turns(1);
          return condition.met();
        },
        () -> lab.journal + "; " + catalogue.status("orders"));
  }

  /** Something is committed, in a segment that is finished. */
  private static void write() {
    postgres.execute(
        "postgres", "create table if not exists t (g int)", "insert into t values (1)");
    postgres.query("postgres", "select pg_switch_wal()");
  }

  private static long written() {
    return Lsn.parse(postgres.query("postgres", "select pg_current_wal_flush_lsn()").get(0))
        .orElseThrow();
  }

  private static boolean receiving() {
    return postgres
        .query("postgres", "select active from pg_replication_slots where active")
        .equals(List.of("t"));
  }

  private long archived() {
    return catalogue.files("orders").stream()
        .flatMap(file -> file.scan().stream())
        .mapToLong(WalScan::end)
        .max()
        .orElse(0);
  }

  private List<Problem> problems() {
    return new WalWatch(lab.catalogue, catalogue)
        .problems(lab.now).stream()
            .filter(problem -> problem.code().equals("watch.wal_receiver"))
            .toList();
  }

  private String alarm() {
    assertThat(problems()).hasSize(1);
    return problems().get(0).message();
  }

  /** As far as there is room. */
  private static Path fill(Path directory, int bytes) throws IOException {
    Path file = directory.resolve("filling");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < bytes; i += 4096) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
    return file;
  }

  private static Protection protection(String most) {
    return Samples.protection("orders")
        .change()
        .pointInTime(Optional.of(Duration.ofDays(7)))
        .connection(postgres.connection("postgres", "backup"))
        .options(Options.of(Map.of("wal_interval", "1s", "wal_spool", most)))
        .build();
  }
}
