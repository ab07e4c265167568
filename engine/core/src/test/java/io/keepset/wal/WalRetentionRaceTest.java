package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.runner.RunnerLab;
import io.keepset.runner.Samples;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While retention goes through the log of a database, whoever receives it replaces the open segment
 * by the whole one. That happens here when retention opens the store to delete the first segment.
 */
class WalRetentionRaceTest {
  private static final String OPEN = FakeLog.name(1, 2);

  @TempDir private Path home;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();
  private boolean finishes;

  @BeforeEach
  void archive() throws Exception {
    lab.protect(Samples.protection("orders", Samples.keepLast(1), Duration.ofDays(1)));
    bring(1, FakeLog.SIZE);
    bring(2, 100);
    catalogue.replace(find(1), find(1).expiring(lab.now, lab.now));
    lab.stores =
        new TreeMap<>(lab.stores) {
          @Override
          public Store get(Object name) {
            if (finishes) {
              finishes = false;
              bring(2, FakeLog.SIZE);
            }
            return super.get(name);
          }
        };
    finishes = true;
  }

  @Test
  void aSegmentThatIsFinishedMeanwhileIsNotMarkedByItsFormerState() throws Exception {
    pass();

    whole();
    pass();
    assertThat(find(2).expiredAt()).as("the next pass marks it").contains(lab.now);
    whole();
  }

  @Test
  void aSegmentThatIsFinishedMeanwhileIsNotDeletedWithItsFormerState() throws Exception {
    catalogue.replace(find(2), find(2).expiring(lab.now, lab.now));

    pass();

    whole();
  }

  private void pass() {
    new WalRetention(lab.ports(), catalogue).pass("orders");
    assertThat(finishes).as("the segment was finished").isFalse();
    assertThat(catalogue.find("orders", FakeLog.SYSTEM, FakeLog.name(1, 1))).isEmpty();
  }

  /** What the catalogue says is there. */
  private void whole() throws Exception {
    assertThat(find(2).full()).isTrue();
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    new WalArchive(lab.ports(), catalogue).fetch("orders", Optional.empty(), OPEN, back);
    assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo("1 2 " + FakeLog.SIZE);
    Instant now = lab.now;
    // What is young may be of somebody who is writing.
    lab.now = now.plus(Duration.ofDays(1));
    assertThat(new WalCheck(lab.ports(), catalogue).run("main", true, Progress.NONE)).isEmpty();
    lab.now = now;
  }

  private WalFile find(int number) {
    return catalogue.find("orders", FakeLog.SYSTEM, FakeLog.name(1, number)).orElseThrow();
  }

  private void bring(int number, int bytes) {
    try {
      Path file = home.resolve("segment");
      FakeLog.write(file, 1, number, bytes);
      new WalArchive(lab.ports(), catalogue)
          .put("orders", log, "main", FakeLog.name(1, number), file, true);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
