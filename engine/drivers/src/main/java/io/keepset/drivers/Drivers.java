package io.keepset.drivers;

import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.engine.elasticsearch.ElasticEngine;
import io.keepset.drivers.engine.etcd.EtcdEngine;
import io.keepset.drivers.engine.mongodb.MongoEngine;
import io.keepset.drivers.engine.mysql.MysqlEngine;
import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.drivers.engine.rabbitmq.RabbitEngine;
import io.keepset.drivers.engine.redis.RedisEngine;
import io.keepset.drivers.engine.rethinkdb.RethinkEngine;
import io.keepset.drivers.engine.s3.S3Engine;
import io.keepset.drivers.engine.scylla.ScyllaEngine;
import io.keepset.drivers.engine.volume.Reserved;
import io.keepset.drivers.engine.volume.VolumeEngine;
import io.keepset.drivers.platform.memory.MemoryPlatform;
import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.drivers.store.s3.S3Store;
import io.keepset.policy.Nearest;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.spi.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The list of everything that Keepset can drive: a line for each engine, store and platform. */
public final class Drivers {
  private static final SortedMap<String, StoreDriver> STORES =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "directory",
                  (spec, secrets, unused) ->
                      new DirectoryStore(DirectorySettings.of(spec.options(), unused)),
                  "s3",
                  (spec, secrets, unused) -> new S3Store(S3Settings.of(spec.options(), secrets)))));

  private Drivers() {}

  /**
   * Kinds of database that the runner can back up, by name.
   *
   * @param clock names what restores make
   */
  public static SortedMap<String, Engine> engines(InstantSource clock) {
    return engines(clock, Optional.empty(), List::of);
  }

  /**
   * The same, on an installation.
   *
   * @param data its data directory, which no database may be
   * @param stores in force when it is asked, which no database may be either
   */
  public static SortedMap<String, Engine> engines(
      InstantSource clock, Optional<Path> data, Supplier<Collection<StoreSpec>> stores) {
    SortedMap<String, Engine> engines = new TreeMap<>();
    engines.put(ElasticEngine.NAME, new ElasticEngine(clock));
    engines.put(EtcdEngine.NAME, new EtcdEngine());
    engines.put(MongoEngine.NAME, new MongoEngine(clock));
    engines.put(MysqlEngine.NAME, new MysqlEngine());
    engines.put(PostgresEngine.NAME, new PostgresEngine());
    engines.put(RabbitEngine.NAME, new RabbitEngine(clock, data));
    engines.put(RedisEngine.NAME, new RedisEngine());
    engines.put(RethinkEngine.NAME, new RethinkEngine(clock));
    engines.put(ScyllaEngine.NAME, new ScyllaEngine(clock));
    engines.put(S3Engine.NAME, new S3Engine(clock));
    engines.put(VolumeEngine.NAME, new VolumeEngine(clock, new Reserved(data, stores)));
    return engines;
  }

  /**
   * The store that a policy declares. Does no I/O.
   *
   * @param unused asked when a store is found empty: true if no backup of it is known, so that this
   *     is a beginning and not a loss
   * @throws DriverException REJECTED if its settings can't be
   */
  public static Store store(StoreSpec spec, Secrets secrets, BooleanSupplier unused)
      throws DriverException {
    StoreDriver driver = STORES.get(spec.type());
    if (driver == null) {
      throw new DriverException(
          Kind.REJECTED,
          "store "
              + spec.name()
              + " is of type "
              + spec.type()
              + ", which this Keepset does not know"
              + Nearest.to(spec.type(), STORES.keySet())
                  .map(near -> "; did you mean " + near + "?")
                  .orElse(""));
    }
    return driver.open(spec, secrets, unused);
  }

  public static SortedSet<String> storeTypes() {
    return new TreeSet<>(STORES.keySet());
  }

  /** Platforms beside the runner, which needs state and is put together by the app. */
  public static SortedMap<String, Platform> platforms(InstantSource clock) {
    SortedMap<String, Platform> platforms = new TreeMap<>();
    platforms.put("memory", new MemoryPlatform("memory", clock));
    return platforms;
  }

  /** From a declaration to a store. */
  private interface StoreDriver {
    Store open(StoreSpec spec, Secrets secrets, BooleanSupplier unused) throws DriverException;
  }
}
