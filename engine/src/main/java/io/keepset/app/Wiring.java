package io.keepset.app;

import io.keepset.app.remote.RemotePlatform;
import io.keepset.app.remote.RemoteServer;
import io.keepset.app.remote.RemoteStores;
import io.keepset.app.remote.ServerFile;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The composition root: who is made of what, by constructors. */
public final class Wiring {
  private final Path data;
  private final Clock clock;
  private final Secrets secrets;

  public Wiring(Path data, Clock clock, Map<String, String> environment) {
    this.data = data;
    this.clock = clock;
    this.secrets = new ReferencedSecrets(environment);
  }

  /** For commands: a server if one is named or runs on the data directory, else local state. */
  public Keepset forCommand(Optional<URI> server, Optional<String> token) {
    return new Keepset(
        data,
        clock,
        secrets,
        () -> {
          Optional<RemoteServer> remote = server(server, token);
          return remote.isPresent() ? remote(remote.get()) : local();
        });
  }

  /** For the server itself. */
  public Keepset forServer() {
    return new Keepset(data, clock, secrets, this::local);
  }

  private Optional<RemoteServer> server(Optional<URI> named, Optional<String> token)
      throws DriverException {
    if (named.isPresent()) {
      String given =
          token.orElseThrow(
              () ->
                  new DriverException(
                      Kind.DENIED,
                      "the server at "
                          + named.get()
                          + " wants a token: put it into KEEPSET_TOKEN"));
      return Optional.of(new RemoteServer(named.get(), given));
    }
    try {
      return ServerFile.find(data)
          .map(address -> new RemoteServer(address.url(), address.secret()));
    } catch (IOException e) {
      throw new DriverException(
          Kind.DENIED,
          "a keepset server runs on "
              + data
              + ", but its server.json can't be read: run the"
              + " command as the server's user, or name it with --server and KEEPSET_TOKEN",
          e);
    }
  }

  private Keepset.Parts remote(RemoteServer server) {
    SortedMap<String, Platform> platforms = new TreeMap<>();
    for (Map.Entry<String, Platform> platform : stateless().entrySet()) {
      platforms.put(
          platform.getKey(), new RemotePlatform(platform.getKey(), server, platform.getValue()));
    }
    RemoteStores stores = new RemoteStores(server);
    return new Keepset.Parts(
        platforms, stores, new RemoteDeclaring(stores), server.address().toString(), () -> {});
  }

  private Keepset.Parts local() throws DriverException {
    throw new DriverException(Kind.REJECTED, "no local state in " + data);
  }

  /** Platforms as far as they need no state: what they can express, and how they would echo it. */
  private SortedMap<String, Platform> stateless() {
    return new TreeMap<>();
  }

  /** Plans are checked here, backups are made there. */
  private record RemoteDeclaring(RemoteStores remote) implements Keepset.Declaring {
    @Override
    public void declare(Collection<StoreSpec> stores) {}

    @Override
    public void remember(Collection<StoreSpec> stores) throws DriverException {
      for (StoreSpec spec : stores) {
        remote.declare(spec);
      }
    }
  }
}
