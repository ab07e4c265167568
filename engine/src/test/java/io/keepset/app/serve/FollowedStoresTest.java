package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.Keepset;
import io.keepset.app.LocalState;
import io.keepset.app.SamplePolicy;
import io.keepset.app.Wiring;
import io.keepset.policy.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which revisions change where the running server writes. */
class FollowedStoresTest {
  @TempDir private Path home;
  private Path policies;
  private LocalState state;
  private Keepset keepset;

  @BeforeEach
  void begin() throws Exception {
    policies = Files.createDirectories(home.resolve("policies"));
    Wiring wiring =
        new Wiring(
            home.resolve("data"),
            Clock.systemUTC(),
            Map.of(),
            (severity, subject, message) -> {},
            note -> {});
    state = wiring.localState();
    keepset = wiring.on(state);
    write("old", "");
    assertThat(follower(Mode.FULL).turn().good()).isTrue();
  }

  @AfterEach
  void end() {
    keepset.close();
    state.close();
  }

  @Test
  void lookingAtARevisionChangesNothing() throws Exception {
    write("new", "keepset: {max_concurrent_runs: 7}\n");

    assertThat(follower(Mode.FULL).plan().plan().orElseThrow().applicable()).hasSize(1);

    assertThat(path()).isEqualTo("old");
    assertThat(state.mostRuns()).isNotEqualTo(7);
  }

  @Test
  void observingChangesNothing() throws Exception {
    write("new", "keepset: {max_concurrent_runs: 7}\n");

    follower(Mode.OBSERVE).turn();

    assertThat(path()).isEqualTo("old");
    assertThat(state.mostRuns()).isNotEqualTo(7);
  }

  @Test
  void aMoveThatIsHeldBackLeavesTheRunningStoreAlone() throws Exception {
    write("new", "");

    follower(Mode.ADDITIVE).turn();

    assertThat(path()).isEqualTo("old");
  }

  @Test
  void aRefusedRevisionLeavesTheRunningStoreAlone() throws Exception {
    Files.writeString(
        policies.resolve("all.yaml"),
        "store: {main: {type: directory, path: " + home.resolve("new") + "}}\n");

    assertThat(follower(Mode.FULL).turn().good()).isFalse();

    assertThat(path()).isEqualTo("old");
  }

  @Test
  void anAppliedMoveReachesTheRunningServer() throws Exception {
    write("new", "keepset: {max_concurrent_runs: 7}\n");
    Turn refused = follower(Mode.FULL).turn();
    Files.writeString(
        policies.resolve("approval.yaml"),
        follower(Mode.FULL).plan().request().orElseThrow().text());

    assertThat(refused.problem()).contains("the plan is refused");
    assertThat(follower(Mode.FULL).turn().good()).isTrue();

    assertThat(state.database().spentApprovals().all()).hasSize(1);
    assertThat(path()).isEqualTo("new");
    assertThat(state.mostRuns()).isEqualTo(7);
  }

  private Follower follower(Mode mode) {
    return new Follower(
        new DirectoryFeed(policies, Clock.systemUTC()),
        keepset,
        state.database().applied(),
        Optional.of(mode),
        () -> 0,
        () -> {});
  }

  private String path() {
    String path = state.storeSpecs().get("main").options().get("path", "");
    return String.valueOf(Path.of(path).getFileName());
  }

  private void write(String store, String settings) throws IOException {
    Files.writeString(
        policies.resolve("all.yaml"),
        settings + SamplePolicy.of(home).into(home.resolve(store)).text());
  }
}
