package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.runner.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Retention TWO_DAYS = Histories.tiers(Map.of(Tier.DAILY, 2));

  @Test
  void eachBackupHasItsReasonsAndItsDay() {
    assertThat(lines(explain(Histories.nights(3), b -> List.of()).get(0)))
        .containsExactly(
            "2026-11-19 [] 2026-11-21T12:00:00Z",
            "2026-11-20 [daily 2/2] 2026-11-22T02:00:00Z",
            "2026-11-21 [daily 1/2, minimum 1/1] 2026-11-23T02:00:00Z");
  }

  @Test
  void aHoldKeepsAsLongAsItLasts() {
    assertThat(
            lines(
                    explain(
                            Histories.nights(3),
                            b ->
                                b.id().startsWith("2026-11-19")
                                    ? List.of("hold case-1")
                                    : List.of())
                        .get(0))
                .get(0))
        .isEqualTo("2026-11-19 [hold case-1] hold case-1");
  }

  @Test
  void oneInItsGraceThatTheRulesWantAgainComesBack() {
    List<Backup> backups = new ArrayList<>(Histories.nights(1));
    Backup gone = Histories.nights(2).get(0);
    backups.add(gone.in(BackupState.EXPIRED, Optional.of(gone.time()), Optional.of(Histories.NOW)));

    assertThat(lines(explain(backups, b -> List.of()).get(0)).get(0))
        .isEqualTo("2026-11-20 [daily 2/2] comes back with the next pass");
  }

  @Test
  void nothingExpiresWhileTheNewestRunFailedAndWhatIsHeldBackSaysSo() {
    List<Backup> backups = new ArrayList<>(Histories.nights(3));
    backups.add(
        Histories.backup("f", Histories.NOW, BackupKind.SCHEDULED, BackupState.FAILED, 0, false));

    Explanation.Group group = explain(backups, b -> List.of()).get(0);

    assertThat(group.frozen()).contains("newest run failed");
    assertThat(lines(group).get(0))
        .isEqualTo("2026-11-19 [newest run failed: nothing expires] 2026-11-22T02:00:00Z");
  }

  @Test
  void copiesFollowTheirOwnRulesAndStayOnceNoPolicyNamesThem() {
    List<Backup> backups = new ArrayList<>(Histories.nights(2));
    Histories.nights(2).forEach(b -> backups.add(copy(b, "dr")));
    Histories.nights(1).forEach(b -> backups.add(copy(b, "old")));

    List<Explanation.Group> groups = explain(backups, b -> List.of());

    assertThat(groups)
        .extracting(g -> g.copies().map(Copies.Group::name).orElse("-"))
        .containsExactly("-", "dr", "old");
    assertThat(lines(groups.get(1)))
        .containsExactly(
            "2026-11-20 [] 2026-11-21T12:00:00Z",
            "2026-11-21 [last 1/1, minimum 1/1] 2026-11-22T02:00:00Z");
    assertThat(lines(groups.get(2)))
        .containsExactly("2026-11-21 [] no policy names this copy: it stays");
  }

  private static List<Explanation.Group> explain(
      List<Backup> backups, Function<Backup, List<String>> holds) {
    Protection plain = Samples.protection("orders", TWO_DAYS, Duration.ofDays(3));
    Protection copied =
        plain
            .change()
            .copies(new TreeMap<>(Map.of("dr", new Copy("dr", "far", Samples.keepLast(1)))))
            .build();
    return Explanation.of(copied, backups, holds, Histories.NOW).groups();
  }

  private static Backup copy(Backup b, String name) {
    return b.change()
        .id(name + b.id())
        .kind(BackupKind.COPY)
        .store(Optional.of("far"))
        .copyOf(Optional.of(new CopyOf(b.id(), name)))
        .build();
  }

  private static List<String> lines(Explanation.Group group) {
    return group.forecasts().stream()
        .map(
            f ->
                f.decision().backup().time().toString().substring(0, 10)
                    + " "
                    + f.decision().reasons()
                    + " "
                    + f.stays().orElseGet(() -> f.expires().map(Instant::toString).orElse("")))
        .toList();
  }
}
