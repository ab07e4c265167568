package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.retention.Backup;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.Samples;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.WalTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The base backup is unpacked, and then its log can't be had, or not be prepared. */
class UnfinishedRecoveryTest {
  private static final String SEGMENT = FakeLog.name(1, 1);

  @TempDir private Path home;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();
  private Backup base;

  @BeforeEach
  void backUp() throws Exception {
    lab.engine.log = Optional.of(log);
    lab.protect(Samples.protection("orders"));
    base = lab.backup("orders");
    long start = FakeLog.SIZE + 100;
    log.base =
        Optional.of(
            new BasePoint(FakeLog.SYSTEM, 1, FakeLog.SIZE, start, start + 100, Optional.empty()));
    Path segment = home.resolve("segment");
    FakeLog.write(segment, 1, 1, FakeLog.SIZE);
    new WalArchive(lab.ports(), catalogue).put("orders", log, "main", SEGMENT, segment, false);
  }

  @Test
  void logThatCantBeHadLeavesADirectoryThatIsSaidToBeNoRestore() throws Exception {
    lab.memory.delete(WalFile.folder("orders", FakeLog.SYSTEM) + SEGMENT);

    refused(WalOperations.Delivery.BESIDE);
  }

  @Test
  void settingsThatCantBeWrittenLeaveADirectoryThatIsSaidToBeNoRestore() throws Exception {
    refused(WalOperations.Delivery.FETCHED);
  }

  private void refused(WalOperations.Delivery delivery) throws Exception {
    Path directory = Files.createDirectory(home.resolve("restored"));
    PointInTime recovery =
        new PointInTime(
            lab.ports(),
            catalogue,
            new RunnerPlatform(lab.ports()).operations().orElseThrow(),
            (db, id) -> "fetch");

    assertThatThrownBy(
            () ->
                recovery.restore(
                    "orders", new WalTarget.Consistent(), directory, delivery, Progress.NONE))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(base.id())
        .hasMessageContaining("start no server on it");
    assertThat(directory).as("it is for whoever asked to remove").isDirectory();
  }
}
