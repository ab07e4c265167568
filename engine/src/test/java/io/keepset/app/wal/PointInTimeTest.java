package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.nio.file.Files;
import java.nio.file.Path;
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
