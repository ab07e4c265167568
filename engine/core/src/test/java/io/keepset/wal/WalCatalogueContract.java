package io.keepset.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.runner.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalogue of logs promises; each implementation extends this. */
public abstract class WalCatalogueContract {
  private static final Instant NOON = Samples.NOON;

  private WalCatalogue catalogue;

  /** An empty one; called once per test. */
  protected abstract WalCatalogue open() throws Exception;

  @BeforeEach
  void openCatalogue() throws Exception {
    catalogue = open();
  }

  @Test
  void givesBackFilesAsTheyWerePut() {
    catalogue.add(file(2, 100));
    catalogue.add(file(1, FakeLog.SIZE).expiring(NOON, NOON.plusSeconds(60)));

    assertThat(catalogue.files("orders"))
        .containsExactly(file(1, FakeLog.SIZE).expiring(NOON, NOON.plusSeconds(60)), file(2, 100));
    assertThat(catalogue.databases()).containsExactly("orders");
    assertThat(catalogue.files("billing")).isEmpty();
  }

  @Test
  void whatIsAsItWasReadIsReplacedAndRemoved() {
    catalogue.add(file(1, 100));
    WalFile expiring = file(1, 100).expiring(NOON, NOON.plusSeconds(60));

    assertThat(catalogue.replace(only(), expiring)).isTrue();
    assertThat(only()).isEqualTo(expiring);
    assertThat(catalogue.replace(only(), only().keptAgain())).isTrue();
    assertThat(only()).isEqualTo(file(1, 100));
    assertThat(catalogue.remove(only())).isTrue();
    assertThat(catalogue.files("orders")).isEmpty();
  }

  @Test
  void whatHasChangedSinceItWasReadStays() {
    catalogue.add(file(1, 100));
    WalFile read = only();
    WalFile next = file(1, 200);
    catalogue.replace(read, next);

    assertThat(catalogue.replace(read, read.expiring(NOON, NOON))).isFalse();
    assertThat(catalogue.remove(read)).isFalse();
    assertThat(only()).isEqualTo(next);
  }

  @Test
  void whatIsKnownIsNotAddedAgain() {
    assertThat(catalogue.add(file(1, 200))).isTrue();

    assertThat(catalogue.add(file(1, 100))).isFalse();
    assertThat(only()).isEqualTo(file(1, 200));
  }

  @Test
  void whatSomebodyElseMarkedOrRemovedIsNotChangedByWhoReadItBefore() {
    catalogue.add(file(1, 100).expiring(NOON, NOON));
    WalFile read = only();
    catalogue.replace(read, read.keptAgain());

    assertThat(catalogue.remove(read)).as("it is needed again").isFalse();
    assertThat(catalogue.remove(only())).isTrue();

    assertThat(catalogue.remove(read)).isFalse();
    assertThat(catalogue.replace(read, read.keptAgain())).as("it does not come back").isFalse();
    assertThat(catalogue.files("orders")).isEmpty();
  }

  @Test
  void ofManyWhoReadTheSameOneChangesIt() throws Exception {
    catalogue.add(file(1, 100));
    WalFile read = only();
    CyclicBarrier together = new CyclicBarrier(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Boolean>> asked = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        Instant until = NOON.plusSeconds(i);
        Callable<Boolean> one =
            () -> {
              together.await();
              return catalogue.replace(read, read.expiring(NOON, until));
            };
        asked.add(threads.submit(one));
      }
      int changed = 0;
      for (Future<Boolean> one : asked) {
        changed += one.get() ? 1 : 0;
      }
      assertThat(changed).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private WalFile only() {
    List<WalFile> files = catalogue.files("orders");
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private static WalFile file(int number, int bytes) {
    return WalFiles.state(number, bytes, NOON);
  }
}
