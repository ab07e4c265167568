package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.runner.RunnerLab;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.Samples;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalTarget;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores to a position, up to the very end of what is archived. */
class ToPositionTest {
  private static final long END = FakeLog.SIZE + 10_000;

  @TempDir private Path home;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();

  @BeforeEach
  void backUp() throws Exception {
    lab.engine.log = Optional.of(log);
    lab.protect(Samples.protection("orders"));
    lab.backup("orders");
    long start = FakeLog.SIZE + 100;
    log.base =
        Optional.of(
            new BasePoint(FakeLog.SYSTEM, 1, FakeLog.SIZE, start, start + 100, Optional.empty()));
    archive(END);
  }

  /** All up to there. */
  private void archive(long end) throws Exception {
    Path segment = home.resolve("segment");
    FakeLog.write(segment, 1, 1, (int) (end - FakeLog.SIZE));
    new WalArchive(lab.ports(), catalogue)
        .put("orders", log, "main", FakeLog.name(1, 1), segment, true);
  }

  @Test
  void whereARecordBeginsTheServerStopsThere() throws Exception {
    long record = END - 5 * FakeLog.RECORD;

    assertThat(target(record)).isEqualTo(new WalTarget.Position(record));
  }

  @Test
  void rightBehindTheLastRecordIsAllThatThereIs() throws Exception {
    assertThat(target(END)).isEqualTo(new WalTarget.Position(END - FakeLog.RECORD));
  }

  /** {@code pg_current_wal_insert_lsn()} right after {@code pg_switch_wal()} is such a position. */
  @Test
  void behindTheHeaderOfThePageThatComesNextNothingMoreWasWritten() throws Exception {
    archive(2 * FakeLog.SIZE);
    WalTarget all = new WalTarget.Position(2 * FakeLog.SIZE - FakeLog.RECORD);

    assertThat(target(2 * FakeLog.SIZE)).isEqualTo(all);
    assertThat(target(2 * FakeLog.SIZE + 40)).isEqualTo(all);
    assertThatThrownBy(() -> target(2 * FakeLog.SIZE + 24))
        .as("the first page of a segment has a longer header")
        .hasMessageContaining("restorable is");
  }

  @Test
  void theHeaderOfAPageWithinASegmentIsShorter() throws Exception {
    int page = FakeLog.SIZE + 3 * 8192;
    archive(page);

    assertThat(target(page + 24)).isEqualTo(new WalTarget.Position(page - FakeLog.RECORD));
    assertThatThrownBy(() -> target(page + 40)).hasMessageContaining("restorable is");
  }

  @Test
  void whatIsLaterIsRefused() {
    assertThatThrownBy(() -> target(END + 1))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(Lsn.format(FakeLog.SIZE + 200) + " to " + Lsn.format(END));
  }

  private WalTarget target(long position) throws DriverException {
    PointInTime recovery =
        new PointInTime(
            lab.ports(),
            catalogue,
            new RunnerPlatform(lab.ports()).operations().orElseThrow(),
            (db, id) -> "fetch");
    return recovery.way("orders", new WalTarget.Position(position)).target();
  }
}
