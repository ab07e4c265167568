package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.SamplePolicy;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.policy.Mode;
import io.keepset.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole server tells about itself to those who watch it. */
class MonitoringTest {
  private static final String TOKEN = "a-token-for-tests-only";
  private static final Pattern NAME = Pattern.compile("keepset_[a-z_]+");

  @TempDir private Path home;

  @Test
  void metricsHaveTheNamesThatAlertsAndDocumentsUse() throws Exception {
    Path data = home.resolve("data");
    Path policies = home.resolve("policies");
    SamplePolicy.of(home).withData().objective("rto: 1h").write(policies);
    CommandLineForTests commands = new CommandLineForTests(data).at(Clock.systemUTC());
    try (Service first = start(data, policies)) {
      Await.until("in force", () -> get(first, "/api/v1/status").contains("in-force"));
      Result made = commands.run("backup", "create", "files");
      assertThat(made.code()).as(made.err()).isZero();
      Result restored =
          commands.run("backup", "restore", "files", "--to-new", home.resolve("new").toString());
      assertThat(restored.code()).as(restored.err()).isZero();
      Result status = commands.run("status", "files");
      assertThat(status.code()).as(status.out()).isZero();
      assertThat(status.out()).contains("rto 1 hour met: the last restore took");
    }
    Files.move(home.resolve("backups").resolve("files"), home.resolve("gone"));
    assertThat(commands.run("store", "check", "main").code()).isEqualTo(1);

    try (Service second = start(data, policies)) {
      String metrics;
      do {
        metrics = get(second, "/actuator/prometheus");
      } while (!metrics.contains("keepset_healthy"));
      assertThat(metrics)
          .contains(
              "keepset_problem{code=\"watch.store\",severity=\"error\",target=\"store/main\"}")
          .contains("keepset_healthy 0");
      TreeSet<String> there = names(metrics);
      // Of databases with a point in time, and none is declared here.
      there.add("keepset_point_in_time_newest_timestamp_seconds");
      there.add("keepset_point_in_time_oldest_timestamp_seconds");
      assertThat(there)
          .containsAll(names(Files.readString(Path.of("../examples/monitoring/alerts.yml"))));
      there.add("keepset_backup_runs_total"); // seen once this process has made one
      assertThat(there).isEqualTo(names(documented()));
      Result status = commands.run("status");
      assertThat(status.code()).isEqualTo(1);
      assertThat(status.out()).contains("[watch.store]").doesNotContain("watch.server");
    }
  }

  private static String documented() throws Exception {
    StringBuilder table = new StringBuilder();
    for (String line : Files.readAllLines(Path.of("../docs/monitoring.md"))) {
      if (line.startsWith("| `keepset_")) {
        table.append(line).append('\n');
      }
    }
    return table.toString();
  }

  private static TreeSet<String> names(String text) {
    TreeSet<String> names = new TreeSet<>();
    NAME.matcher(text).results().map(MatchResult::group).forEach(names::add);
    return names;
  }

  private static Service start(Path data, Path policies) throws Exception {
    Clock clock = Clock.systemUTC();
    return Service.start(
        ServiceSettings.of(data).mode(Optional.of(Mode.FULL)).token(Optional.of(TOKEN)).build(),
        new Wiring(data, clock, Map.of(), Service.journal(), note -> {}),
        new DirectoryFeed(policies, clock));
  }

  private static String get(Service service, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(service.address() + path))
                .header("Authorization", "Bearer " + TOKEN)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
