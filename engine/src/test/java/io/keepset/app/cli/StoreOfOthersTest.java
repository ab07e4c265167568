package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may declare a database may not thereby read the backups of others, nor end them. */
class StoreOfOthersTest {
  @TempDir private Path work;
  private CommandLineForTests keepset;

  @BeforeEach
  void aStoreHoldsBackupsOfOthers() throws IOException {
    keepset =
        new CommandLineForTests(work.resolve("data"))
            .with("KEEPSET_POLICIES", work.resolve("policies").toString());
    Files.createDirectories(work.resolve("policies"));
    Files.createDirectories(work.resolve("ledger"));
    Files.createDirectories(work.resolve("stores"));
    Files.writeString(work.resolve("ledger/book"), "of others");
    Files.createSymbolicLink(work.resolve("innocent"), work.resolve("stores"));
    write("vault", work.resolve("ledger"));
    assertThat(keepset.run("apply", "--yes").code()).isZero();
    assertThat(keepset.run("backup", "create", "books").code()).isZero();
  }

  @Test
  void aLinkToItIsNoVolume() throws IOException {
    write("own", work.resolve("innocent"));

    Result plan = keepset.run("plan");

    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out()).contains("holds the directory of store", "[volume.store]");
  }

  @Test
  void norIsOneThatNoFileDeclaresAnyMore() throws IOException {
    Files.writeString(
        work.resolve("policies/books.yaml"),
        """
        store: {own: {type: directory, path: %s}}
        database:
          books: {engine: volume, policy: compose, store: own, connection: {path: %s}}
        """
            .formatted(work.resolve("elsewhere"), work.resolve("stores/vault/books")));

    Result plan = keepset.run("plan");

    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out()).contains("lies in the directory of store vault", "[volume.store]");
  }

  private void write(String store, Path path) throws IOException {
    Files.writeString(
        work.resolve("policies/books.yaml"),
        """
        store:
          vault: {type: directory, path: %s}
          own: {type: directory, path: %s}
        database:
          books: {engine: volume, policy: compose, store: %s, connection: {path: %s}}
        """
            .formatted(work.resolve("stores/vault"), work.resolve("elsewhere"), store, path));
  }
}
