package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.Samples;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.SegmentName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where a server's log forked, as after a restore in place, only one branch can be replayed. */
class RecoveryWindowsTest {
  private static final int SIZE = SegmentName.USUAL_SIZE;

  @Test
  void aNewerTimelineGoesOnWhereItBeganAndTheOldOneEndsThere() {
    List<WalFile> files =
        List.of(
            segment(1, 1, 1),
            segment(1, 1, 2),
            segment(1, 1, 3),
            segment(1, 1, 4),
            history(2, 2 * SIZE + 500),
            segment(2, 1, 2),
            segment(2, 2, 3));

    assertThat(names(RecoveryWindows.stretches(files)))
        .containsExactly(List.of("1/1", "2/2", "2/3"));
  }

  @Test
  void aTimelineThatCameAtASegmentsEndGoesOn() {
    List<WalFile> files = List.of(segment(1, 1, 1), history(2, 2 * SIZE), segment(2, 2, 2));

    assertThat(names(RecoveryWindows.stretches(files))).containsExactly(List.of("1/1", "2/2"));
  }

  @Test
  void aTimelineWhoseBeginningIsMissingFollowsNothing() {
    List<WalFile> files =
        List.of(
            segment(1, 1, 1),
            segment(1, 1, 2),
            segment(1, 1, 3),
            history(2, 2 * SIZE + 500),
            segment(2, 2, 3));

    assertThat(names(RecoveryWindows.stretches(files)))
        .as("the segment in which it was left goes on with what was given up")
        .containsExactly(List.of("1/1"), List.of("2/3"));
    assertThat(RecoveryWindows.gaps(files)).hasSize(1);
  }

  @Test
  void aTimelineWithoutAHistoryIsLedToByNothing() {
    List<WalFile> files = List.of(segment(1, 1, 1), segment(1, 1, 2), segment(2, 2, 3));

    assertThat(names(RecoveryWindows.stretches(files)))
        .containsExactly(List.of("1/1", "1/2"), List.of("2/3"));
    assertThat(windows(files, 1, 1)).hasSize(1);
    assertThat(windows(files, 2, 3)).hasSize(1);
  }

  @Test
  void whatATimelineWroteAfterItWasLeftIsInNoWindow() {
    List<WalFile> files =
        List.of(segment(1, 1, 1), segment(1, 1, 2), segment(1, 1, 3), history(2, 2 * SIZE));

    assertThat(windows(files, 1, 1)).hasSize(1);
    assertThat(windows(files, 1, 1).get(0).files()).hasSize(1);
    assertThat(windows(files, 1, 2)).isEmpty();
  }

  @Test
  void howFarOneTimelineIsCompleteSaysNothingAboutTheNext() {
    List<WalFile> files = List.of(segment(1, 1, 1), history(2, 2 * SIZE), segment(2, 2, 2));
    Instant late = Samples.NOON.plus(Duration.ofDays(100));

    assertThat(until(files, new WalStatus.Covered(late, "7", 1))).isBefore(late);
    assertThat(until(files, new WalStatus.Covered(late, "8", 2))).isBefore(late);
    assertThat(until(files, new WalStatus.Covered(late, "7", 2))).isEqualTo(late);
  }

  @Test
  void aBaseBackupFitsOnlyTheLogOfItsTimeline() {
    List<WalFile> files =
        List.of(
            segment(1, 1, 1),
            history(2, 2 * SIZE + 5000),
            segment(2, 1, 2),
            segment(2, 2, 3),
            segment(2, 2, 4));

    assertThat(windows(files, 1, 1)).hasSize(1);
    assertThat(windows(files, 2, 3)).hasSize(1);
    assertThat(windows(files, 1, 3)).as("on the branch that was left").isEmpty();
    assertThat(windows(List.of(segment(1, 1, 1)), 2, 1)).as("no log of it yet").isEmpty();
  }

  /** Of the two clocks the server's tells when commits were made. */
  @Test
  void aKeepsetWhoseClockIsBehindPromisesNoInstantBeforeTheBaseBackupWasComplete() {
    Instant stopped = Samples.NOON.plus(Duration.ofMinutes(10));
    List<WalFile> files = List.of(segment(1, 1, 1), segment(1, 1, 2), segment(1, 1, 3));
    TreeMap<String, Optional<BasePoint>> points = points(1, 2);
    points.computeIfPresent(
        "orders-1", (id, p) -> p.map(point -> stoppedAt(point, Optional.of(stopped))));

    RecoveryWindow window =
        RecoveryWindows.of(List.of(base()), points, files, Optional.empty()).get(0);

    assertThat(window.from()).isEqualTo(stopped);
    assertThat(window.holds(stopped.minusMillis(1))).isFalse();
    assertThat(window.before(stopped.minusMillis(1))).isEmpty();
    assertThat(window.before(stopped)).isPresent();
  }

  private static BasePoint stoppedAt(BasePoint point, Optional<Instant> when) {
    return new BasePoint(
        point.systemId(), point.timeline(), point.segmentSize(), point.start(), point.stop(), when);
  }

  private static Instant until(List<WalFile> files, WalStatus.Covered covered) {
    return RecoveryWindows.of(List.of(base()), points(1, 1), files, Optional.of(covered))
        .get(0)
        .until();
  }

  private static TreeMap<String, Optional<BasePoint>> points(int timeline, long number) {
    TreeMap<String, Optional<BasePoint>> points = new TreeMap<>();
    long start = number * SIZE + 100;
    points.put(
        "orders-1",
        Optional.of(new BasePoint("7", timeline, SIZE, start, start + 100, Optional.empty())));
    return points;
  }

  private static List<RecoveryWindow> windows(List<WalFile> files, int timeline, long number) {
    return RecoveryWindows.of(List.of(base()), points(timeline, number), files, Optional.empty());
  }

  private static List<List<String>> names(List<List<WalFile>> stretches) {
    return stretches.stream()
        .map(stretch -> stretch.stream().map(f -> f.timeline() + "/" + f.number()).toList())
        .toList();
  }

  private static Backup base() {
    Instant now = Samples.NOON;
    return new BackupBuilder(
            "orders-1", "orders", "fake", BackupKind.SCHEDULED, BackupState.CREATED, now)
        .finished(Optional.of(now))
        .size(OptionalLong.of(1000))
        .storedSize(OptionalLong.of(100))
        .verifiedAt(Optional.of(now))
        .store(Optional.of("main"))
        .build();
  }

  /**
   * @param timeline that its name has
   * @param first timeline of its first page
   */
  private static WalFile segment(int timeline, int first, long number) {
    Instant then = Samples.NOON.plus(Duration.ofHours(100L * timeline + number));
    return WalFiles.segment(timeline, first, number, then);
  }

  /** Of a timeline that the one before leads to. */
  private static WalFile history(int timeline, long left) {
    return WalFiles.history(timeline, left, Samples.NOON);
  }
}
