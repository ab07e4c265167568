package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of ours, a real PostgreSQL, and restores to any point in time. */
class PointInTimeTest {
  private static final String ROWS = "select n from journal order by n";

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

  /** Commits are told by the server's clock, and so is when a base backup was complete. */
  @Test
  void aKeepsetWhoseClockIsBehindRestoresToTheServersTimes() throws Exception {
    lab.endService();
    lab.skewed(Duration.ofMinutes(-10));
    lab.serve();
    lab.awaitReceiving();
    lab.execute("insert into journal values (1)");
    Instant before = lab.now();
    lab.base();
    lab.execute("insert into journal values (2)");
    Instant after = lab.now();
    lab.execute("insert into journal values (3)");
    lab.awaitCovered();

    Result early = lab.restore(lab.newDirectory(), "--to-time", before.toString());

    assertThat(early.code()).as(early.err()).isEqualTo(1);
    assertThat(early.err()).contains("restorable is");
    assertThat(lab.restored(ROWS, "--to-time", after.toString())).containsExactly("1", "2");
  }

  /** What a server tells as the end of its log then lies behind a header that is not written. */
  @Test
  void rightBehindASwitchOfSegmentsIsAPositionToo() throws Exception {
    lab.awaitReceiving();
    lab.base();
    lab.execute("insert into journal values (1)");
    int size = SegmentName.USUAL_SIZE;
    long switched = Lsn.parse(lab.query("select pg_switch_wal()").get(0)).orElseThrow();
    long next = (switched / size + 1) * size;
    lab.awaitCovered();

    String lsn = Lsn.format(next + 40);
    assertThat(lab.restored(ROWS, "--to-lsn", lsn)).as(lsn).containsExactly("1");
  }
}
