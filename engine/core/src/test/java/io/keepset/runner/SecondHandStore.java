package io.keepset.runner;

import io.keepset.spi.DriverException;
import io.keepset.spi.Store;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.InputStream;
import java.time.Instant;
import java.util.stream.Stream;

/** Hands everything on to another one; who extends it says what goes wrong. */
abstract class SecondHandStore implements Store {
  final Store inner;

  SecondHandStore(Store inner) {
    this.inner = inner;
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public StoreWriter create(String key) throws DriverException {
    return inner.create(key);
  }

  @Override
  public InputStream open(String key) throws DriverException {
    return inner.open(key);
  }

  @Override
  public Stream<StoredObject> list(String prefix) throws DriverException {
    return inner.list(prefix);
  }

  @Override
  public void delete(String key) throws DriverException {
    inner.delete(key);
  }

  @Override
  public int cleanLeftovers(Instant olderThan) throws DriverException {
    return inner.cleanLeftovers(olderThan);
  }

  @Override
  public void check() throws DriverException {
    inner.check();
  }

  /** The one behind it is used on. */
  @Override
  public void close() {}
}
