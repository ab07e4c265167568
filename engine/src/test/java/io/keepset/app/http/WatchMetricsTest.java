package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.watch.Outlook;
import io.keepset.app.watch.RunCounts;
import io.keepset.watch.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WatchMetricsTest {
  private final WatchMetrics metrics =
      new WatchMetrics(
          new RunCounts(),
          () -> new WatchMetrics.Policies(Optional.empty(), Optional.empty(), Optional.empty()));

  @Test
  void nobodyIsToldThatAllIsWellBeforeTheFirstLook() {
    assertThat(text()).contains("keepset_build").doesNotContain("keepset_healthy");
  }

  @Test
  void twoOfTheSameProblemAreOneAndTheWorse() {
    metrics.accept(
        new Outlook(
            Instant.EPOCH,
            List.of(),
            List.of(
                Problem.error("watch.drift", "orders", "is not as it was applied"),
                Problem.error("watch.drift", "orders", "does not run"),
                Problem.warning("watch.drift", "orders", "has other labels")),
            new TreeMap<>()));

    assertThat(text()).containsOnlyOnce("orders");
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    metrics
        .collect()
        .forEach(
            metric -> {
              text.append(metric.getMetadata().getName()).append('\n');
              metric.getDataPoints().forEach(p -> text.append(p.getLabels()).append('\n'));
            });
    return text.toString();
  }
}
