package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.LocalState;
import io.keepset.app.StoreSpecCodec;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Changes of how a store is set up. */
class StoreChangeTest extends OneDatabaseContract {
  @Test
  void movesAStoreOnlyInTheFullMode() throws IOException {
    keepset.run("apply", "--yes");
    store("{type: directory, path: " + work + "/elsewhere}");

    Result plan = keepset.run("plan");
    Result additive = keepset.run("apply", "--yes", "--mode", "additive");
    String kept = recorded();
    approve(plan);
    Result full = keepset.run("apply", "--yes");

    assertThat(plan.out())
        .contains("store.path", work + "/store -> " + work + "/elsewhere", "WEAKENS")
        .contains("its earlier backups stay in the old place");
    assertThat(additive.out()).contains("Apply it with --mode full.");
    assertThat(kept).contains(work + "/store").doesNotContain(work + "/elsewhere");
    assertThat(full.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains(work + "/elsewhere").doesNotContain(work + "/store\"");
    assertThat(keepset.run("plan", "--detailed-exitcode").code()).isZero();
  }

  @Test
  void turnsEncryptionOffOnlyInTheFullMode() throws IOException {
    keepset.run("apply", "--yes");
    store("{type: directory, path: " + work + "/store, encryption: {disabled: true}}");

    Result additive = keepset.run("apply", "--yes", "--mode", "additive");
    String kept = recorded();
    Path saved = work.resolve("saved.plan");
    approve(keepset.run("plan"));
    keepset.run("plan", "--out", saved.toString());
    Result full = keepset.run("apply", "--yes", saved.toString());

    assertThat(additive.out())
        .contains("store.encryption.disabled", "WEAKENS", "new backups lie in clear text");
    assertThat(kept).doesNotContain("encryption.disabled");
    assertThat(full.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains("encryption.disabled");
  }

  @Test
  void aHeldBackDatabaseKeepsItsStoreAsItIs() throws IOException {
    write(30, "orders", "cache");
    keepset.run("apply", "--yes");
    write(7, "orders", "cache");
    store("{type: directory, path: " + work + "/store, max_concurrent_runs: 2}");

    keepset.run("apply", "--yes", "--mode", "additive");

    assertThat(recorded()).doesNotContain("max_concurrent_runs");
  }

  @Test
  void addsAStoreAlthoughAnotherDatabaseIsHeldBack() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");
    Files.writeString(
        work.resolve("policies/b.yaml"),
        "store: {second: {type: directory, path: "
            + work
            + "/second}}\n"
            + "database: {more: {engine: postgresql, policy: gold, store: second,"
            + " connection: {host: localhost, database: y, user: u, password: env:PW}}}\n");

    Result apply = keepset.run("apply", "--yes", "--mode", "additive");

    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains(work + "/second");
  }

  /** Replaces how the store is set up. */
  private void store(String settings) throws IOException {
    Path file = work.resolve("policies/a.yaml");
    Files.writeString(
        file, Files.readString(file).replaceFirst("  main: .*", "  main: " + settings));
  }

  /** The stores in force. */
  private String recorded() {
    try (LocalState state =
        LocalState.open(
            work.resolve("data"),
            Clock.systemUTC(),
            reference -> {
              throw new IllegalStateException("no secrets here");
            },
            Map.of(),
            (severity, subject, message) -> {},
            note -> {})) {
      return state.storeSpecs().values().stream()
          .map(spec -> JsonText.writeCompact(StoreSpecCodec.encode(spec)))
          .collect(Collectors.joining("\n"));
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }
}
