package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.runner.RunnerLab;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import io.keepset.spi.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A keeper that stood still goes on, while another one has the lease. What the other did meanwhile
 * happens here when the first opens the store: it has read the catalogue, and written nothing yet.
 */
class WalArchiveRaceTest {
  private static final String NAME = FakeLog.name(1, 1);

  @TempDir private Path home;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();

  /** What others bring, one each time that the slow one opens the store. */
  private int[] others = {};

  private int brought;
  private boolean meanwhile;

  private void standStillBefore(int... bytes) {
    others = bytes;
    lab.stores =
        new TreeMap<>(lab.stores) {
          @Override
          public Store get(Object name) {
            if (!meanwhile && brought < others.length) {
              meanwhile = true;
              bring(others[brought++]);
              meanwhile = false;
            }
            return super.get(name);
          }
        };
  }

  @Test
  void anOlderStateDoesNotComeInThePlaceOfTheWholeSegment() throws Exception {
    bring(100);
    standStillBefore(FakeLog.SIZE);

    bring(900);

    is(FakeLog.SIZE);
  }

  @Test
  void anOlderStateDoesNotComeInThePlaceOfANewerOne() throws Exception {
    standStillBefore(900);

    bring(100);

    is(900);
  }

  @Test
  void aWholeSegmentComesInThePlaceOfWhatever() throws Exception {
    standStillBefore(900);

    bring(FakeLog.SIZE);

    is(FakeLog.SIZE);
  }

  /** Each of them writes the same object, sealed by itself. */
  @Test
  void ofTwoWholeSegmentsTheOneThatIsThereIsKnown() throws Exception {
    standStillBefore(FakeLog.SIZE);

    bring(FakeLog.SIZE);

    is(FakeLog.SIZE);
  }

  @Test
  void whoIsAlwaysSlowerSaysSoAndLeavesNothing() throws Exception {
    // Each time that it writes, and that it removes what it wrote.
    standStillBefore(100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);

    assertThatThrownBy(() -> archive(FakeLog.SIZE / 2))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("somebody else");

    is(1000);
  }

  /** That is what the catalogue says, it is there, and nothing else is. */
  private void is(int bytes) throws Exception {
    assertThat(brought).as("what others brought").isEqualTo(others.length);
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    new WalArchive(lab.ports(), catalogue).fetch("orders", Optional.empty(), NAME, back);
    assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo("1 1 " + bytes);
    // What is young may be of somebody who is writing.
    lab.now = lab.now.plus(Duration.ofDays(1));
    assertThat(new WalCheck(lab.ports(), catalogue).run("main", true, Progress.NONE)).isEmpty();
    try (Stream<StoredObject> objects = lab.stores.get("main").list("orders/wal/")) {
      assertThat(objects).as("the object, and what is known of it").hasSize(2);
    }
  }

  private void bring(int bytes) {
    try {
      archive(bytes);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void archive(int bytes) throws Exception {
    Path file = home.resolve("segment-" + bytes);
    FakeLog.write(file, 1, 1, bytes);
    new WalArchive(lab.ports(), catalogue).put("orders", log, "main", NAME, file, true);
  }
}
