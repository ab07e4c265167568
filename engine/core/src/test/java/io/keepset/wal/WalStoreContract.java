package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.runner.RunnerLab;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log in a store: archived, fetched, checked, taken in again. */
public abstract class WalStoreContract {
  private static final int SIZE = FakeLog.SIZE;

  @TempDir private Path home;
  private final RunnerLab lab = new RunnerLab();
  private final FakeLog log = new FakeLog();
  private final WalCatalogue catalogue = new InMemoryWalCatalogue();
  private Store store;

  /** An empty one. */
  protected abstract Store store() throws Exception;

  @BeforeEach
  void archive() throws Exception {
    store = store();
    lab.stores.put("main", store);
    lab.now = Instant.now();
    put(1, 1, SIZE, false);
    put(1, 2, SIZE, false);
    put(1, 3, 100, true);
    put(1, 3, 900, true);
    Path history =
        Files.writeString(home.resolve("history"), "1\t0/2000000\tno recovery target specified\n");
    archive("00000002.history", history, false);
    // What is young may be of somebody who is writing.
    lab.now = lab.now.plus(Duration.ofDays(1));
  }

  @Test
  void whatWasArchivedIsFetchedAndTheCheckIsContent() throws Exception {
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    new WalArchive(lab.ports(), catalogue)
        .fetch("orders", Optional.empty(), FakeLog.name(1, 3), back);

    assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo("1 3 900");
    assertThat(check(true)).isEmpty();
  }

  @Test
  void whatIsMissingDamagedOrStrayIsTold() throws Exception {
    store.delete(key(1));
    overwrite(key(2));
    write("orders/wal/7/" + FakeLog.name(1, 9), "half");

    assertThat(check(false))
        .extracting(Diagnostic::code)
        .as("what was overwritten has its size")
        .containsExactly("store.lost", "store.stray");
    assertThat(check(true))
        .extracting(Diagnostic::code)
        .containsExactly("store.lost", "store.damaged", "store.stray");
    assertThat(check(true).get(0).message()).contains("orders").contains(FakeLog.name(1, 1));
  }

  @Test
  void aRescanForgetsWhatIsGoneAndTakesInWhatIsThere() throws Exception {
    List<WalFile> before = catalogue.files("orders");
    store.delete(key(1));
    store.delete(key(1) + ".json");
    for (WalFile file : before) {
      if (!file.name().equals(FakeLog.name(1, 1))) {
        catalogue.remove(file);
      }
    }
    assertThat(check(false))
        .extracting(Diagnostic::code)
        .containsExactly("store.lost", "store.unknown");

    List<String> changes = new WalRescan(lab.ports(), catalogue).run("main");

    assertThat(changes).hasSize(2);
    List<WalFile> expected =
        before.stream().filter(file -> !file.name().equals(FakeLog.name(1, 1))).toList();
    assertThat(catalogue.files("orders")).isEqualTo(expected);
    assertThat(check(true)).isEmpty();
    assertThat(new WalRescan(lab.ports(), catalogue).run("main")).isEmpty();
  }

  private List<Diagnostic> check(boolean readData) throws Exception {
    return new WalCheck(lab.ports(), catalogue).run("main", readData, Progress.NONE);
  }

  private void put(int timeline, int number, int bytes, boolean open) throws Exception {
    Path file = home.resolve("segment");
    FakeLog.write(file, timeline, number, bytes);
    archive(FakeLog.name(timeline, number), file, open);
  }

  private void archive(String name, Path file, boolean open) throws Exception {
    new WalArchive(lab.ports(), catalogue).put("orders", log, "main", name, file, open);
  }

  private static String key(int number) {
    return "orders/wal/7/" + FakeLog.name(1, number);
  }

  private void overwrite(String key) throws Exception {
    long size;
    try (Stream<StoredObject> objects = store.list(key)) {
      size = objects.filter(o -> o.key().equals(key)).findFirst().orElseThrow().size();
    }
    store.delete(key);
    write(key, "x".repeat((int) size));
  }

  private void write(String key, String text) throws Exception {
    try (StoreWriter writer = store.create(key)) {
      writer.stream().write(text.getBytes(StandardCharsets.UTF_8));
      writer.commit();
    }
  }
}
