package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.drivers.lab.PostgresCopy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of ours, a real PostgreSQL, and restores to any point in time. */
class PointInTimeTest {
  @TempDir private Path home;
  private WalLab lab;

  @BeforeEach
  void start() throws Exception {
    lab = new WalLab(home);
    lab.serve();
    lab.execute("create table journal (n int primary key)");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void everyInstantPositionAndNameIsRestoredExactly() throws Exception {
    lab.awaitReceiving();
    Result base = lab.run("backup", "create", "orders");
    assertThat(base.code()).as(base.err()).isZero();

    long seed = Long.getLong("keepset.law.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> positions = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      lab.execute("insert into journal values (" + n + ")");
      positions.add(lab.query("select pg_current_wal_insert_lsn()").get(0));
      if (n == 20) {
        lab.query("select pg_create_restore_point('before-the-release')");
      }
      if (random.nextInt(8) == 0) {
        lab.query("select pg_switch_wal()");
      }
    }
    List<String> times =
        lab.query(
            "select to_char(pg_xact_commit_timestamp(xmin) at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from journal order by n");
    lab.awaitCovered();

    int early = random.nextInt(39);
    int late = random.nextInt(39);
    assertThat(restored("--to-time", times.get(early))).as("seed %s", seed).isEqualTo(upTo(early));
    assertThat(restored("--to-lsn", positions.get(late))).as("seed %s", seed).isEqualTo(upTo(late));
    assertThat(restored("--to-name", "before-the-release")).isEqualTo(upTo(20));
    // Nothing was committed since: the end of the log is what this instant looked like.
    assertThat(restored("--to-time", times.get(39))).isEqualTo(upTo(39));
  }

  private static List<String> upTo(int last) {
    List<String> all = new ArrayList<>();
    for (int n = 0; n <= last; n++) {
      all.add(String.valueOf(n));
    }
    return all;
  }

  private List<String> restored(String how, String what) throws Exception {
    Path directory = lab.newDirectory();
    Result result =
        lab.run("backup", "restore", "orders", how, what, "--to-new", directory.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(directory.resolve("recovery.signal")).exists();
    try (PostgresCopy copy = PostgresCopy.start(lab.postgres(), directory)) {
      assertThat(copy.query("postgres", "show archive_mode")).containsExactly("off");
      return copy.query("orders", "select n from journal order by n");
    }
  }

  @Test
  void whatIsOutsideTheWindowIsRefusedBeforeAByteIsWritten() throws Exception {
    lab.awaitReceiving();
    assertThat(lab.run("backup", "create", "orders").code()).isZero();
    lab.awaitCovered();
    Path directory = lab.newDirectory();

    Result early =
        lab.run(
            "backup",
            "restore",
            "orders",
            "--to-time",
            "2020-01-01T00:00:00Z",
            "--to-new",
            directory.toString());
    Result unknown =
        lab.run(
            "backup", "restore", "orders", "--to-name", "never", "--to-new", directory.toString());

    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err()).contains("restorable is");
    assertThat(unknown.err()).contains("there are no named restore points");
    assertThat(directory).doesNotExist();
    Files.createDirectories(directory.resolve("something"));
    Result full =
        lab.run(
            "backup",
            "restore",
            "orders",
            "--to-lsn",
            lab.query("select pg_current_wal_flush_lsn()").get(0),
            "--to-new",
            directory.toString());
    assertThat(full.code()).isEqualTo(1);
  }
}
