package io.keepset.app.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.runner.BackupIds;
import io.keepset.runner.Copying;
import io.keepset.runner.Holds;
import io.keepset.runner.InMemoryCatalogue;
import io.keepset.runner.LocalLeases;
import io.keepset.runner.OpenStore;
import io.keepset.runner.Places;
import io.keepset.runner.RunnerPorts;
import io.keepset.runner.Samples;
import io.keepset.runner.Stores;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Secret;
import io.keepset.spi.StoreOperations;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ChoresTest {
  private final InMemoryCatalogue catalogue = new InMemoryCatalogue();
  private final List<String> told = new ArrayList<>();
  private final List<String> verified = new ArrayList<>();

  @Test
  void readsBackOfEachDatabaseTheOneThatWaitedLongest() {
    for (String database : List.of("orders", "billing", "fresh")) {
      catalogue.protect(Samples.protection(database));
    }
    for (int days : List.of(1, 24, 33, 32)) {
      catalogue.insert(Samples.created("orders", Samples.NOON.minus(Duration.ofDays(days))));
    }
    catalogue.insert(Samples.created("billing", Samples.NOON.minus(Duration.ofDays(40))));
    catalogue.insert(Samples.created("fresh", Samples.NOON.minus(Duration.ofDays(22))));

    verify();

    assertThat(verified)
        .containsExactly("billing-20261012T120000Z-test", "orders-20261019T120000Z-test");
    assertThat(told)
        .containsExactly(
            "billing-20261012T120000Z-test could not be verified: store gone",
            "orders-20261019T120000Z-test is damaged: checksum differs");
  }

  @Test
  void copiesHaveATurnOfTheirOwn() {
    catalogue.protect(Samples.protection("orders"));
    Backup original = Samples.created("orders", Samples.NOON.minus(Duration.ofDays(31)));
    catalogue.insert(original);
    catalogue.insert(Samples.copyOf(original, "dr", "frankfurt"));
    catalogue.insert(Samples.copyOf(original, "archive", "glacier"));

    verify();

    assertThat(verified)
        .containsExactly(original.id(), original.id() + "-archive", original.id() + "-dr");
  }

  private Chores chores(StoreOperations stores) {
    return new Chores(
        ports(),
        new Verifying(),
        stores,
        new Copying(ports(), Places.UNLIMITED),
        () -> Set.of("main", "no longer declared"));
  }

  private void verify() {
    chores(new NoOperations()).verify();
  }

  private RunnerPorts ports() {
    return new RunnerPorts(
        "test",
        () -> Samples.NOON,
        catalogue,
        new LocalLeases(),
        new NoStores(),
        new TreeMap<>(),
        reference -> new Secret("x"),
        new BackupIds(new Random(1)),
        (severity, subject, message) -> told.add(subject + " " + message),
        () -> 50,
        Holds.NONE);
  }

  @Test
  void comparesEachStoreAndGoesOnAfterOneThatFails() {
    chores(new NoOperations()).compareStores();

    assertThat(told).containsExactly("gone could not be checked: no route", "main b is missing");
  }

  @Test
  void comparesFailingStoresMoreOften() {
    chores(new NoOperations()).compareFailing();

    assertThat(told).containsExactly("main b is missing");
  }

  private static final class NoOperations implements StoreOperations {
    @Override
    public List<String> names() {
      return List.of("gone", "main");
    }

    @Override
    public Report check(String store, boolean readData, Progress progress) throws DriverException {
      if (store.equals("gone")) {
        throw new DriverException(Kind.TRANSIENT, "no route");
      }
      return new Report(
          store, store, 1, 0, List.of(), List.of(Diagnostic.error("x", "b is missing", null)));
    }

    @Override
    public Report rescan(String store, Progress progress) {
      throw new AssertionError();
    }
  }

  private static final class NoStores implements Stores {
    @Override
    public SortedSet<String> names() {
      return new TreeSet<>();
    }

    @Override
    public OpenStore open(String name) {
      throw new AssertionError();
    }
  }

  /** Verifies, and finds fault with everything. */
  private final class Verifying implements BackupOperations {
    @Override
    public Verdict verify(String backupId, Progress progress) throws DriverException {
      verified.add(backupId);
      if (backupId.startsWith("billing")) {
        throw new DriverException(Kind.TRANSIENT, "store gone");
      }
      return Verdict.bad("checksum differs");
    }

    @Override
    public Backup create(String database, BackupKind kind, Progress progress) {
      throw new AssertionError();
    }

    @Override
    public void download(String backupId, OutputStream to, Progress progress) {
      throw new AssertionError();
    }

    @Override
    public Backup upload(String database, InputStream from, Progress progress) {
      throw new AssertionError();
    }

    @Override
    public RestoreReport restore(String backupId, RestoreRequest request, Progress progress) {
      throw new AssertionError();
    }

    @Override
    public void delete(String backupId) {
      throw new AssertionError();
    }
  }
}
