package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.Secret;
import io.keepset.spi.Store;
import io.keepset.spi.StoredObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A runner whose clock, catalogue, store and engine are in this process and can be moved. */
public final class RunnerLab {
  public static final KeyRing KEYS = KeyRing.of(ArtifactKey.generate(new SecureRandom()));
  public static final KeyRing FAR_KEYS = KeyRing.of(ArtifactKey.generate(new SecureRandom()));

  public final FakeEngine engine = new FakeEngine();
  public final MemoryStore memory = new MemoryStore(new LabClock());

  /** A second store with a key of its own; there once somebody puts it into {@link #stores}. */
  public final MemoryStore far = new MemoryStore(new LabClock());

  public final List<String> journal = Collections.synchronizedList(new ArrayList<>());
  public Catalogue catalogue = new InMemoryCatalogue();
  public Leases leases = new LocalLeases();
  public SortedMap<String, Store> stores = new TreeMap<>();
  public Instant now = Samples.NOON;
  public Holds holds = Holds.NONE;
  public KeyRing keys = KEYS;

  /** Of stores that have others. */
  public final SortedMap<String, KeyRing> ownKeys = new TreeMap<>();

  public int suspiciousBelowPercent = 50;
  private final Random random = new Random(1);

  /** From now on there is a store {@code far}. */
  public RunnerLab withFarStore() {
    stores.put("far", far);
    ownKeys.put("far", FAR_KEYS);
    return this;
  }

  public RunnerLab() {
    stores.put("main", memory);
  }

  public RunnerPorts ports() {
    return new RunnerPorts(
        "test",
        () -> now,
        catalogue,
        leases,
        new LabStores(),
        new TreeMap<>(java.util.Map.of("fake", engine, "volume", engine)),
        reference -> new Secret("secret"),
        new BackupIds(random),
        (severity, subject, message) ->
            journal.add(severity.word() + " " + subject + ": " + message),
        () -> suspiciousBelowPercent,
        holds);
  }

  public RunnerLab protect(Protection protection) {
    catalogue.protect(protection);
    engine.databases.putIfAbsent(protection.name(), "contents of " + protection.name());
    return this;
  }

  /** A scheduled backup, then a day passes. */
  public Backup backup(String database) throws DriverException {
    Backup made = new BackupRun(ports()).dump(database, BackupKind.SCHEDULED, Progress.NONE);
    now = now.plus(Duration.ofDays(1));
    return made;
  }

  public List<String> keys() {
    try (Stream<StoredObject> objects = memory.list("")) {
      return objects.map(StoredObject::key).collect(Collectors.toList());
    }
  }

  private final class LabClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final class LabStores implements Stores {
    @Override
    public SortedSet<String> names() {
      return new TreeSet<>(stores.keySet());
    }

    @Override
    public OpenStore open(String name) throws DriverException {
      Store store = stores.get(name);
      if (store == null) {
        throw new DriverException(Kind.REJECTED, "no store " + name + " is declared");
      }
      return new OpenStore(name, store, ownKeys.getOrDefault(name, keys));
    }
  }
}
