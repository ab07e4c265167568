package io.keepset.app.serve;

import io.keepset.access.Role;
import io.keepset.app.Keepset;
import io.keepset.app.LocalState;
import io.keepset.app.PolicyFeed;
import io.keepset.app.Schedules;
import io.keepset.app.Wiring;
import io.keepset.app.http.Server;
import io.keepset.app.http.Tokens;
import io.keepset.app.http.WatchMetrics;
import io.keepset.app.notify.Courier;
import io.keepset.app.notify.Heralds;
import io.keepset.app.notify.Pulse;
import io.keepset.app.remote.ServerFile;
import io.keepset.app.schedule.BackupScheduler;
import io.keepset.app.security.TokenSecret;
import io.keepset.app.state.AppliedRevisions.Applied;
import io.keepset.app.state.WatchRecords;
import io.keepset.app.state.WatchRecords.Mark;
import io.keepset.app.terraform.Engine;
import io.keepset.app.terraform.Sections;
import io.keepset.app.terraform.read.Installed;
import io.keepset.app.terraform.read.TriedPolicies;
import io.keepset.app.wal.WalService;
import io.keepset.app.watch.Lookouts;
import io.keepset.app.watch.PolicyWatch;
import io.keepset.app.watch.Watchman;
import io.keepset.runner.Journal;
import io.keepset.runner.Recovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server as a whole. Closing it ends it in good order: no new run and no new turn begin,
 * answers and runs under way have their time to end, and what does not end is settled at the next
 * start.
 */
public final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** How often it looks whether all is well. */
  private static final Duration WATCH = Duration.ofMinutes(1);

  private static final Duration DELIVERY = Duration.ofSeconds(15);

  /** What must be ended, the last begun first. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private final ServiceSettings settings;
  private final URI address;

  /** Something that is ended with the service. */
  private interface Part {
    void end() throws IOException;
  }

  private Service(ServiceSettings settings, Wiring wiring, PolicyFeed feed)
      throws DriverException, IOException {
    this.settings = settings;
    try {
      this.address = begin(wiring, feed);
    } catch (DriverException | IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where the runner's own doings are told. */
  public static Journal journal() {
    return (severity, subject, message) -> {
      switch (severity) {
        case ERROR -> LOG.error("{}: {}", subject, message);
        case WARNING -> LOG.warn("{}: {}", subject, message);
        case NOTE -> LOG.info("{}: {}", subject, message);
      }
    };
  }

  /**
   * Starts it; returns when it answers.
   *
   * @param feed closed with the service
   * @throws DriverException if another server has the data directory, or something can't be had
   */
  public static Service start(ServiceSettings settings, Wiring wiring, PolicyFeed feed)
      throws DriverException, IOException {
    return new Service(settings, wiring, feed);
  }

  private URI begin(Wiring wiring, PolicyFeed feed) throws DriverException, IOException {
    parts.push(feed::close);
    Files.createDirectories(
        settings.data(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ServerFile file =
        ServerFile.claim(settings.data())
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.REJECTED,
                        "another keepset server runs on "
                            + settings.data()
                            + ": stop it, or choose another directory with --data"));
    parts.push(file::close);
    LocalState state = wiring.localState();
    parts.push(state::close);
    Keepset keepset = wiring.on(state);
    String secret = TokenSecret.generate();
    Tokens tokens = new Tokens(List.of(command(secret)), keepset.clock());

    BackupScheduler scheduler = Schedules.of(state);
    state.watchSchedules(scheduler::idle);
    Follower follower =
        new Follower(
            feed,
            keepset,
            state.database().applied(),
            settings.mode(),
            state.database()::protectionChanges,
            scheduler::synchronise);
    PolicyWatch policyWatch =
        new PolicyWatch(
            state.database().watchRecords(), feed.describe(), keepset.clock().instant());
    Loop loop =
        new Loop("keepset-follow", () -> follow(follower, policyWatch, state), settings.poll());
    Courier courier = new Courier(wiring.secrets(), keepset.clock());
    Heralds heralds = new Heralds(state.database(), courier, state::alerting);
    Pulse pulse = new Pulse(courier, state::alerting);
    Watchman watchman =
        new Watchman(
            Lookouts.ofServer(
                state.database(),
                () -> state.storeSpecs().keySet(),
                state::staleLock,
                List.of(policyWatch, heralds)),
            keepset.clock());
    watchman.tell(heralds::hear);
    watchman.tell(pulse::hear);
    FollowedPolicies followed = new FollowedPolicies(follower);
    Installed installed =
        new Installed(state.database(), watchman::look, state::storeSpecs, followed);
    watchman.tell(outlook -> installed.watched());
    Loop delivery =
        new Loop(
            "keepset-notify",
            () -> {
              heralds.deliver();
              pulse.beat();
              // On shared state another node may have made or removed some.
              state.tokensMayHaveChanged();
            },
            DELIVERY);
    Loop watch = new Loop("keepset-watch", watchman::turn, WATCH);
    Server server =
        Server.start(
            new Server.Settings(
                settings.listenOn(),
                settings.port(),
                Optional.of(settings.data().resolve("logs").resolve("keepset.log")),
                settings.patience(),
                settings.tls(),
                settings.rate(),
                settings.restoreBelow()),
            new Server.Desks(
                keepset,
                Sections.shim(
                    new Engine(keepset, state, feed, follower, loop::wake, settings.objects()),
                    installed,
                    new TriedPolicies(keepset, followed, feed, follower::mode, installed::changes)),
                new StatusView(
                    follower,
                    keepset,
                    watchman,
                    name -> Heralds.test(courier, state.alerting(), name),
                    loop::wake),
                new BroughtPlans(follower, keepset, scheduler::synchronise),
                tokens,
                keepset.tokens()));
    parts.push(server::close);
    // Only now: a token is told once, and a start that failed must not have used that up.
    Admission.admit(state.database().tokens(), settings, keepset.clock().instant());
    Runnable admit = () -> tokens.accept(accepted(state, secret));
    state.watchTokens(admit);
    admit.run();
    watchman.tell(server.metrics(state.runCounts(), () -> policies(state)));
    // From here on the log is where people look.
    Recovery.Report recovered = Schedules.recovery(state).thorough();
    if (recovered.any()) {
      LOG.info("of a server that died was put right: {}", recovered.describe());
    }
    parts.push(scheduler::close);
    scheduler.start();
    WalService wal = new WalService(state.ports(), state.database().wal(), settings.data());
    parts.push(wal::close);
    wal.start();
    parts.push(() -> end(loop));
    loop.start();
    loop.wake();
    parts.push(watch::close);
    watch.start();
    watch.wake();
    parts.push(delivery::close);
    delivery.start();
    String scheme = settings.tls().isPresent() ? "https" : "http";
    URI url = URI.create(scheme + "://" + host(settings.listenOn()) + ":" + server.port());
    if (settings.tls().isPresent()) {
      TlsWatch tls = new TlsWatch(settings.data(), settings.tls().get(), keepset.clock());
      Loop published =
          new Loop("keepset-tls", () -> tls.publish(file, url, secret), TlsWatch.OFTEN);
      tls.publish(file, url, secret);
      parts.push(published::close);
      published.start();
    } else {
      file.publish(new ServerFile.Address(url, secret));
    }
    LOG.info("serving {} at {}", feed.describe(), url);
    return url;
  }

  private static List<Tokens.Accepted> accepted(LocalState state, String secret) {
    List<Tokens.Accepted> accepted = new ArrayList<>();
    for (io.keepset.app.state.Tokens.Token token : state.database().tokens().list()) {
      accepted.add(
          new Tokens.Accepted(
              token.name(),
              token.hash(),
              // A role of a newer version lets do the least.
              Role.of(token.role()).orElse(Role.READER),
              token.expiresAt(),
              token.person()));
    }
    accepted.add(command(secret));
    return accepted;
  }

  private static Tokens.Accepted command(String secret) {
    return new Tokens.Accepted(
        Tokens.COMMAND, TokenSecret.hash(secret), Role.ADMIN, Optional.empty());
  }

  private static WatchMetrics.Policies policies(LocalState state) {
    WatchRecords records = state.database().watchRecords();
    return new WatchMetrics.Policies(
        records.marked(Mark.READ),
        records.marked(Mark.IN_FORCE),
        state.database().applied().last().map(Applied::at));
  }

  private static void follow(Follower follower, PolicyWatch watch, LocalState state) {
    Turn turn = follower.turn();
    follower.settings().ifPresent(settings -> state.alerting(settings.alerting()));
    watch.looked(turn.at(), turn.revision().isPresent(), turn.problem());
  }

  private void end(Loop loop) {
    if (!loop.stop(settings.patience())) {
      LOG.warn("stops while changes are applied; the next start goes on with them");
      loop.close();
    }
  }

  private static String host(String address) {
    String reachable =
        switch (address) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "::1";
          default -> address;
        };
    return reachable.contains(":") ? "[" + reachable + "]" : reachable;
  }

  public URI address() {
    return address;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().end();
      } catch (IOException | RuntimeException e) {
        LOG.error("stopping: {}", e.toString());
      }
    }
  }
}
