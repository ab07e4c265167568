package io.keepset.spi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** A store that lives as long as the test. */
public final class MemoryStore implements Store {
  private record Held(byte[] bytes, Instant modified) {}

  private final ConcurrentNavigableMap<String, Held> objects = new ConcurrentSkipListMap<>();
  private final ConcurrentNavigableMap<Long, Instant> unfinished = new ConcurrentSkipListMap<>();
  private final Clock clock;
  private long next;

  public MemoryStore(Clock clock) {
    this.clock = clock;
  }

  public MemoryStore() {
    this(Clock.systemUTC());
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public StoreWriter create(String key) throws DriverException {
    StoreKeys.check(key);
    long id;
    synchronized (this) {
      id = next++;
    }
    unfinished.put(id, clock.instant());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new StoreWriter() {
      private boolean done;

      @Override
      public OutputStream stream() {
        return bytes;
      }

      @Override
      public void commit() {
        if (done) {
          throw new IllegalStateException("committed or closed already");
        }
        done = true;
        objects.put(key, new Held(bytes.toByteArray(), clock.instant()));
        unfinished.remove(id);
      }

      @Override
      public void close() {
        done = true;
        unfinished.remove(id);
      }
    };
  }

  @Override
  public InputStream open(String key) throws DriverException {
    StoreKeys.check(key);
    Held held = objects.get(key);
    if (held == null) {
      throw new DriverException(DriverException.Kind.NOT_FOUND, "there is no " + key);
    }
    return new ByteArrayInputStream(held.bytes);
  }

  @Override
  public Stream<StoredObject> list(String prefix) {
    return objects.tailMap(prefix).entrySet().stream()
        .takeWhile(e -> e.getKey().startsWith(prefix))
        .map(e -> new StoredObject(e.getKey(), e.getValue().bytes.length, e.getValue().modified));
  }

  @Override
  public void delete(String key) throws DriverException {
    StoreKeys.check(key);
    objects.remove(key);
  }

  @Override
  public int cleanLeftovers(Instant olderThan) {
    int before = unfinished.size();
    unfinished.values().removeIf(started -> started.isBefore(olderThan));
    return before - unfinished.size();
  }

  @Override
  public void check() {}

  @Override
  public void close() {}

  /** The bytes of an object, for tests that look or damage; empty if there is none. */
  public Optional<byte[]> peek(String key) {
    return Optional.ofNullable(objects.get(key)).map(Held::bytes);
  }

  /** Puts bytes there as they are, for tests that damage. */
  public void poke(String key, byte[] bytes) {
    objects.put(key, new Held(bytes, clock.instant()));
  }
}
