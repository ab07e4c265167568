package io.keepset.app;

import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.spi.StoreOperations;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One installation, put together by constructors: the composition root. Nothing is opened before it
 * is asked for.
 *
 * <p>Commands see platforms and their operations and don't know where they run. When a server runs
 * on the data directory, or one is named, {@code runner} is that server, reached over HTTP;
 * otherwise it is opened here, on the local state.
 */
public final class Keepset implements AutoCloseable {
  private final Path data;
  private final Optional<URI> server;
  private final Clock clock;
  private final Secrets secrets;
  private final SortedMap<String, Platform> opened = new TreeMap<>();
  private @Nullable StoreOperations stores;

  public Keepset(
      Path data,
      Optional<URI> server,
      Optional<String> token,
      Clock clock,
      Map<String, String> environment) {
    this.data = data;
    this.server = server;
    this.clock = clock;
    this.secrets = new ReferencedSecrets(environment);
  }

  public Path data() {
    return data;
  }

  public Optional<URI> server() {
    return server;
  }

  public Clock clock() {
    return clock;
  }

  public Secrets secrets() {
    return secrets;
  }

  /** All platforms by name, each ready for use; closed with this installation. */
  public synchronized SortedMap<String, Platform> platforms() {
    return new TreeMap<>(opened);
  }

  /** Checks and rebuilds stores, here or on the server. */
  public StoreOperations stores() {
    if (stores == null) {
      throw new IllegalStateException("the runner is not wired");
    }
    return stores;
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(Platform::close);
    opened.clear();
  }
}
