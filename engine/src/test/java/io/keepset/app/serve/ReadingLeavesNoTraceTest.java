package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.Keepset;
import io.keepset.app.LocalState;
import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyLocation;
import io.keepset.app.SamplePolicy;
import io.keepset.app.Wiring;
import io.keepset.app.git.GitSettings;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.terraform.HttpSchemas;
import io.keepset.app.terraform.read.Installed;
import io.keepset.app.terraform.read.TriedPolicies;
import io.keepset.app.watch.Lookouts;
import io.keepset.policy.Mode;
import io.keepset.retention.BackupKind;
import io.keepset.spi.Progress;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Shim;
import io.keepset.terraform.V1;
import io.keepset.terraform.read.CoverageSection;
import io.keepset.terraform.read.DatabasesSection;
import io.keepset.terraform.read.DriftSection;
import io.keepset.terraform.read.OutputsSection;
import io.keepset.terraform.read.PlanSection;
import io.keepset.terraform.read.StatusSection;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Terraform reads whenever it plans, so reading must not change anything: not the state database,
 * not the data directory, not the repository, not the stores. Nothing else runs here.
 */
@Timeout(600)
class ReadingLeavesNoTraceTest {
  private static final int TIMES = 100;

  /** It has no resources and yet says all that a plan says. */
  private static final String TERRAFORM_PLAN =
      "{\"format_version\":\"1.2\",\"resource_changes\":[]}";

  @TempDir private Path home;
  private LocalState state;
  private PolicyFeed feed;
  private Shim shim;
  private String commit;
  private String policies;

  @BeforeEach
  void bringIntoForce() throws Exception {
    SamplePolicy sample = SamplePolicy.of(home).withData().environments("production");
    policies = sample.text();
    Path repository = home.resolve("repository");
    sample.write(repository);
    git(repository, "init", "-q", "-b", "main");
    git(repository, "add", "-A");
    git(repository, "commit", "-q", "-m", "first");
    commit = git(repository, "rev-parse", "HEAD");
    Clock clock = Clock.systemUTC();
    Wiring wiring =
        new Wiring(home.resolve("data"), clock, Map.of(), Service.journal(), note -> {});
    state = wiring.localState();
    Keepset keepset = wiring.on(state);
    feed =
        wiring.feed(new PolicyLocation.Repository(GitSettings.of(repository.toString(), "main")));
    StateDatabase database = state.database();
    Follower follower =
        new Follower(
            feed,
            keepset,
            database.applied(),
            Optional.of(Mode.FULL),
            database::protectionChanges,
            () -> {});
    assertThat(follower.turn().problem()).isEmpty();
    state.runner().operations().orElseThrow().create("files", BackupKind.ON_DEMAND, Progress.NONE);
    FollowedPolicies followed = new FollowedPolicies(follower);
    Installed installed =
        new Installed(
            database,
            () ->
                Lookouts.ofServer(
                        database, () -> state.storeSpecs().keySet(), state::staleLock, List.of())
                    .look(clock.instant()),
            state::storeSpecs,
            followed);
    TriedPolicies tried =
        new TriedPolicies(keepset, followed, feed, follower::mode, installed::changes);
    shim =
        new Shim(
            new TreeMap<>(
                Map.of(
                    "outputs",
                    new OutputsSection(installed, clock),
                    "v1",
                    new V1(
                        new TreeMap<>(
                            Map.of(
                                "coverage", new CoverageSection(installed),
                                "databases", new DatabasesSection(installed, clock),
                                "drift", new DriftSection(installed),
                                "plan", new PlanSection(tried, clock),
                                "status", new StatusSection(installed)))))));
  }

  @AfterEach
  void end() {
    feed.close();
    state.close();
  }

  @Test
  void aHundredReadingsOfEachLeaveEverythingAsItWas() throws Exception {
    String other = policies.replace("daily: 7", "daily: 3");
    List<String[]> readings =
        List.of(
            new String[] {"GET", "outputs", "", "outputs"},
            new String[] {"GET", "outputs/production", "", "outputs"},
            new String[] {"GET", "v1/databases/files", "", "database"},
            new String[] {"GET", "v1/databases/files/backups/latest", "", "latest-backup"},
            new String[] {"GET", "v1/databases/nothing", "", "problem"},
            new String[] {"GET", "v1/coverage", "", "coverage"},
            new String[] {"GET", "v1/status", "", "status"},
            new String[] {"GET", "v1/drift", "", "drift"},
            new String[] {"GET", "v1/plan/" + commit, "", "plan"},
            new String[] {"GET", "v1/plan/0123456789", "", "problem"},
            new String[] {"POST", "v1/plan", other, "plan"},
            new String[] {"POST", "v1/plan", "policy: [", "plan"},
            new String[] {"POST", "v1/plan", TERRAFORM_PLAN, "plan-coverage"});
    for (String[] reading : readings) {
      read(reading); // opens what is opened once
    }
    SortedMap<String, String> before = everything();

    for (String[] reading : readings) {
      String first = read(reading);
      HttpSchemas.check(reading[3], first);
      for (int i = 1; i < TIMES; i++) {
        assertThat(read(reading)).isEqualTo(first);
      }
    }

    assertThat(everything()).isEqualTo(before);
    assertThat(before).hasSizeGreaterThan(5);
  }

  private String read(String[] reading) throws Exception {
    Reply reply =
        shim.answer(
            new Request(
                reading[0],
                Arrays.asList(reading[1].split("/")),
                Map.of(),
                new TreeMap<>(),
                new ByteArrayInputStream(reading[2].getBytes(StandardCharsets.UTF_8)),
                new Caller("ci", Role.PLANNER)));
    assertThat(reply.status()).isLessThan(500);
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  /** Every row of the state and every file but the state's own, whose pages the rows stand for. */
  private SortedMap<String, String> everything() throws Exception {
    SortedMap<String, String> all = new TreeMap<>();
    List<String> rows = new ArrayList<>();
    try (Connection connection = state.database().dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet script = statement.executeQuery("script")) {
      while (script.next()) {
        rows.add(script.getString(1));
      }
    }
    all.put("state", String.join("\n", rows));
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".mv.db")) {
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
          all.put(
              home.relativize(file).toString(),
              HexFormat.of().formatHex(hash) + " " + Files.getLastModifiedTime(file));
        }
      }
    }
    return all;
  }

  private static String git(Path repository, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "-C",
                repository.toString(),
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }
}
