package io.keepset.app;

import io.keepset.app.git.GitFeed;
import io.keepset.app.git.GitPolicies;
import io.keepset.app.git.GitSettings;
import io.keepset.app.remote.RemoteApplying;
import io.keepset.app.remote.RemoteApprovals;
import io.keepset.app.remote.RemoteAudit;
import io.keepset.app.remote.RemoteHolds;
import io.keepset.app.remote.RemoteLedger;
import io.keepset.app.remote.RemotePlatform;
import io.keepset.app.remote.RemoteReporting;
import io.keepset.app.remote.RemoteServer;
import io.keepset.app.remote.RemoteStates;
import io.keepset.app.remote.RemoteStores;
import io.keepset.app.remote.RemoteTokens;
import io.keepset.app.remote.RemoteWal;
import io.keepset.app.remote.ServerAddress;
import io.keepset.app.remote.ServerFile;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.security.Trust;
import io.keepset.drivers.Drivers;
import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.BackupIds;
import io.keepset.runner.Holds;
import io.keepset.runner.InMemoryCatalogue;
import io.keepset.runner.Journal;
import io.keepset.runner.LocalLeases;
import io.keepset.runner.OpenStore;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** The composition root: who is made of what, by constructors. */
public final class Wiring {
  /** A server that has the directory but does not answer yet is about to. */
  private static final Duration STARTING = Duration.ofSeconds(20);

  private final Path data;
  private final Clock clock;
  private final Map<String, String> environment;
  private final Secrets secrets;
  private final Journal journal;
  private final Consumer<String> note;

  /**
   * @param journal hears what the runner does on its own
   * @param note hears what the operator must know, such as where a new key lies
   */
  public Wiring(
      Path data,
      Clock clock,
      Map<String, String> environment,
      Journal journal,
      Consumer<String> note) {
    this.data = data;
    this.clock = clock;
    this.environment = Map.copyOf(environment);
    this.secrets = new ReferencedSecrets(environment);
    this.journal = journal;
    this.note = note;
  }

  /** The policies of a place, to be read once or again and again. */
  public PolicyFeed feed(PolicyLocation location) throws DriverException {
    if (location instanceof PolicyLocation.Repository repository) {
      GitSettings settings = repository.settings();
      return new GitFeed(settings, GitPolicies.open(settings, data, secrets), clock);
    }
    return new DirectoryFeed(((PolicyLocation.Directory) location).path(), clock);
  }

  public Secrets secrets() {
    return secrets;
  }

  /** For commands: a server if one is named or runs on the data directory, else local state. */
  public Keepset forCommand(Optional<String> server, Optional<String> token, Optional<Path> ca) {
    return new Keepset(
        data,
        clock,
        secrets,
        () -> {
          Optional<RemoteServer> remote = server(server, token, ca);
          return remote.isPresent() ? remote(remote.get()) : localState().parts();
        });
  }

  /** An installation on state that is open already; closing it leaves the state open. */
  public Keepset on(LocalState state) {
    Keepset.Parts parts = state.parts();
    return new Keepset(
        data,
        clock,
        secrets,
        () ->
            new Keepset.Parts(
                parts.platforms(),
                parts.stores(),
                parts.holds(),
                parts.audit(),
                parts.tokens(),
                parts.declaring(),
                parts.reporting(),
                parts.ledger(),
                parts.wal(),
                parts.states(),
                parts.where(),
                () -> {}));
  }

  private Optional<RemoteServer> server(
      Optional<String> named, Optional<String> token, Optional<Path> ca) throws DriverException {
    if (named.isPresent()) {
      URI address = ServerAddress.parse(named.get());
      String given =
          token.orElseThrow(
              () ->
                  new DriverException(
                      Kind.DENIED,
                      "KEEPSET_TOKEN is missing: put the token of the server at "
                          + address
                          + " into it"));
      return Optional.of(
          new RemoteServer(
              address,
              given,
              ca.isPresent() ? Optional.of(Trust.authorities(ca.get())) : Optional.empty()));
    }
    try {
      Optional<ServerFile.Address> address = ServerFile.await(data, STARTING);
      return address.isPresent() ? Optional.of(found(address.get())) : Optional.empty();
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

  /** The file is readable for its user alone, so what it says of the certificate is true. */
  private static RemoteServer found(ServerFile.Address address) throws DriverException {
    Optional<SSLContext> trusted = Optional.empty();
    if (address.certificate().isPresent()) {
      trusted =
          Optional.of(
              Trust.exactly(TlsFiles.parse(address.certificate().get(), "server.json").get(0)));
    }
    return new RemoteServer(address.url(), address.secret(), trusted);
  }

  /** Plans are checked by what needs no state, so here; all that needs state is there. */
  private Keepset.Parts remote(RemoteServer server) {
    RunnerPlatform pure =
        new RunnerPlatform(statelessPorts(new DeclaredStores(new NoMemory(), Wiring::notHere)));
    RemoteStores stores = new RemoteStores(server);
    RemoteHolds holds = new RemoteHolds(server);
    RemoteDeclaring declaring = new RemoteDeclaring(server, pure);
    return new Keepset.Parts(
        declaring.planning(List.of()),
        stores,
        holds,
        new RemoteAudit(server),
        new RemoteTokens(server),
        declaring,
        new RemoteReporting(server),
        new RemoteLedger(server),
        new RemoteWal(server),
        new RemoteStates(server),
        server.address().toString(),
        () -> {});
  }

  private RunnerPorts statelessPorts(DeclaredStores declared) {
    return new RunnerPorts(
        Version.current(),
        clock,
        new InMemoryCatalogue(),
        new LocalLeases(),
        declared,
        Drivers.engines(clock),
        secrets,
        new BackupIds(new SecureRandom()),
        journal,
        () -> 0,
        Holds.NONE);
  }

  private static OpenStore notHere(StoreSpec spec) throws DriverException {
    throw new DriverException(
        Kind.REJECTED, "store " + spec.name() + " belongs to the server and is opened there");
  }

  /** The state of this machine, for the server itself. */
  public LocalState localState() throws DriverException {
    return LocalState.open(data, clock, secrets, environment, journal, note);
  }

  /**
   * Plans are checked here, and carried out there, by whom all that belongs to them is remembered.
   */
  private record RemoteDeclaring(RemoteServer server, RunnerPlatform pure)
      implements Keepset.Declaring {
    @Override
    public SortedMap<String, Platform> planning(Collection<StoreSpec> declared) {
      SortedMap<String, Platform> platforms = new TreeMap<>();
      platforms.put(
          RunnerPlatform.NAME,
          new RemotePlatform(RunnerPlatform.NAME, server, pure.planning(declared)));
      return platforms;
    }

    /** A server has the settings of the policies that it follows. */
    @Override
    public void remember(Settings settings) {}

    @Override
    public void remember(Collection<DeclaredHold> declared, boolean whole) {}

    /** A server judges what it follows; what a command brings is judged by itself alone. */
    @Override
    public Footing footing() {
      return Footing.NONE;
    }

    @Override
    public void remember(Footing footing) {}

    @Override
    public void remember(StoreSpec store) {}

    @Override
    public SortedMap<String, Spent> spent() throws DriverException {
      return RemoteApprovals.spent(server);
    }

    @Override
    public Optional<Applying> elsewhere() {
      return Optional.of(new RemoteApplying(server));
    }

    @Override
    public Optional<Revision> followed() throws DriverException {
      return RemoteApprovals.followed(server);
    }
  }

  /** Without state nothing is remembered. */
  private static final class NoMemory implements DeclaredStores.Memory {
    @Override
    public Collection<StoreSpec> load() {
      return List.of();
    }

    @Override
    public void save(StoreSpec spec) {}
  }
}
