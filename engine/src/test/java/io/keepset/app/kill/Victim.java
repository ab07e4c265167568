package io.keepset.app.kill;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.runner.BackupIds;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Copying;
import io.keepset.runner.FakeEngine;
import io.keepset.runner.Holds;
import io.keepset.runner.Journal;
import io.keepset.runner.Mortality;
import io.keepset.runner.OpenStore;
import io.keepset.runner.Places;
import io.keepset.runner.Recovery;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.RunnerPorts;
import io.keepset.runner.Samples;
import io.keepset.runner.Stores;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Secret;
import io.keepset.spi.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that makes, expires, restores and rescans backups on a real state file and a real
 * directory, until it is killed. Days pass with every round.
 */
final class Victim {
  /** Printed when the moment to be killed at has come. */
  static final String HERE = "here";

  static final String ROUND = "round";

  private Victim() {}

  /**
   * @param args directory; the beginning of the call to stop at, or empty; {@code before} or {@code
   *     after} it
   */
  public static void main(String[] args) throws Exception {
    Mortality mortality =
        new Mortality(
            moment -> !args[1].isEmpty() && moment.what().matches(args[1]),
            args[2].equals("after"),
            Victim::waitForTheEnd);
    try (StateDatabase state = state(Path.of(args[0]))) {
      Instant[] now = {newest(state.catalogue()).plus(Duration.ofDays(1))};
      RunnerPorts ports =
          ports(
              mortality.wrap(state.catalogue()),
              state,
              mortal(mortality, stores(Path.of(args[0]))),
              now);
      new Recovery(ports, Duration.ZERO).thorough();
      ports
          .catalogue()
          .protect(Samples.copied(Samples.protection("orders"), "dr", "far", Samples.keepLast(1)));
      ports.catalogue().protect(Samples.protection("billing"));
      RunnerPlatform runner = new RunnerPlatform(ports);
      while (true) {
        System.out.println(ROUND);
        BackupOperations backups = runner.operations().orElseThrow();
        for (String database : ports.catalogue().protections().keySet()) {
          Backup made = backups.create(database, BackupKind.SCHEDULED, Progress.NONE);
          new Copying(ports, Places.UNLIMITED).of(database);
          backups.restore(
              made.id(),
              new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy")),
              Progress.NONE);
        }
        runner.stores().rescan("main", Progress.NONE);
        runner.stores().rescan("far", Progress.NONE);
        now[0] = now[0].plus(Duration.ofDays(1));
      }
    }
  }

  static StateDatabase state(Path directory) throws Exception {
    return StateDatabase.open(
        StateSettings.of(directory, Map.of()), reference -> new Secret("none"));
  }

  /** The home of all backups, and the place of copies, which has a key of its own. */
  static SortedMap<String, Store> stores(Path directory) {
    SortedMap<String, Store> stores = new TreeMap<>();
    for (String name : List.of("main", "far")) {
      stores.put(
          name,
          new DirectoryStore(new DirectorySettings(directory.resolve(name), false, () -> true)));
    }
    return stores;
  }

  private static SortedMap<String, Store> mortal(
      Mortality mortality, SortedMap<String, Store> stores) {
    stores.replaceAll(
        (name, store) -> mortality.wrap(store, name.equals("main") ? "" : name + " "));
    return stores;
  }

  static RunnerPorts ports(
      Catalogue catalogue, StateDatabase state, SortedMap<String, Store> open, Instant[] now)
      throws Exception {
    FakeEngine engine = new FakeEngine();
    engine.databases.put("orders", "contents of orders, ".repeat(50_000));
    engine.databases.put("billing", "contents of billing");
    KeyRing keys = KeyRing.parse("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "test");
    KeyRing others = KeyRing.parse("MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "test");
    Stores stores =
        new Stores() {
          @Override
          public SortedSet<String> names() {
            return new TreeSet<>(open.keySet());
          }

          @Override
          public OpenStore open(String name) {
            return new OpenStore(name, open.get(name), name.equals("main") ? keys : others);
          }
        };
    return new RunnerPorts(
        "test",
        () -> now[0],
        catalogue,
        state.leases(),
        stores,
        new TreeMap<>(Map.of("fake", engine)),
        reference -> new Secret("none"),
        new BackupIds(new SecureRandom()),
        Journal.NONE,
        () -> 50,
        Holds.NONE);
  }

  static Instant newest(Catalogue catalogue) {
    return catalogue.databases().stream()
        .flatMap(name -> catalogue.backups(name).stream())
        .map(Backup::time)
        .max(Instant::compareTo)
        .orElse(Samples.NOON);
  }

  private static void waitForTheEnd() {
    System.out.println(HERE);
    while (true) {
      LockSupport.park();
    }
  }
}
