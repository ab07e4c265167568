package io.keepset.app;

import io.keepset.policy.PolicySet;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.spi.StoreOperations;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One installation. Nothing is opened before it is asked for.
 *
 * <p>Commands see platforms and their operations and don't know where they run. When a server runs
 * on the data directory, or one is named, {@code runner} is that server, reached over HTTP;
 * otherwise it is opened here, on the local state. {@link Wiring} decides that.
 */
public final class Keepset implements AutoCloseable {
  private final Path data;
  private final Clock clock;
  private final Secrets secrets;
  private final Opening opening;
  private @Nullable Parts parts;

  /** Puts the installation together, when its platforms are asked for. */
  public interface Opening {
    Parts open() throws DriverException;
  }

  /** Takes up what policies declare besides databases: stores and settings. */
  public interface Declaring {
    /** For this process. */
    void declare(PolicySet policies);

    /** For good. */
    void remember(PolicySet policies) throws DriverException;

    /** One store, for good. */
    void remember(StoreSpec store) throws DriverException;
  }

  /**
   * What an installation is made of.
   *
   * @param platforms by name
   * @param where as printed: this machine, or the address of the server
   * @param resources closed last
   */
  public record Parts(
      SortedMap<String, Platform> platforms,
      StoreOperations stores,
      Declaring declaring,
      String where,
      Runnable resources) {
    public Parts {
      platforms = Collections.unmodifiableSortedMap(new TreeMap<>(platforms));
    }
  }

  public Keepset(Path data, Clock clock, Secrets secrets, Opening opening) {
    this.data = data;
    this.clock = clock;
    this.secrets = secrets;
    this.opening = opening;
  }

  public Path data() {
    return data;
  }

  public Clock clock() {
    return clock;
  }

  public Secrets secrets() {
    return secrets;
  }

  /** All platforms by name, each ready for use; closed with this installation. */
  public SortedMap<String, Platform> platforms() throws DriverException {
    return parts().platforms();
  }

  /** Checks and rebuilds stores, here or on the server. */
  public StoreOperations stores() throws DriverException {
    return parts().stores();
  }

  /** Where the work is done: {@code here}, or the address of a server. */
  public String where() throws DriverException {
    return parts().where();
  }

  /**
   * Makes the stores and settings of the policies at hand known, so that plans can be checked
   * against them. Lasts for this process; {@link #remember} makes it last.
   */
  public void declare(PolicySet policies) throws DriverException {
    parts().declaring().declare(policies);
  }

  /** To be called before a plan of these policies is applied. */
  public void remember(PolicySet policies) throws DriverException {
    parts().declaring().remember(policies);
  }

  /** Makes one store known for good. */
  public void remember(StoreSpec store) throws DriverException {
    parts().declaring().remember(store);
  }

  private synchronized Parts parts() throws DriverException {
    if (parts == null) {
      parts = opening.open();
    }
    return parts;
  }

  @Override
  public synchronized void close() {
    if (parts != null) {
      parts.platforms().values().forEach(Platform::close);
      parts.resources().run();
      parts = null;
    }
  }
}
