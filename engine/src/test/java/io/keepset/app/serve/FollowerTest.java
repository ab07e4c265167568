package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.Footing;
import io.keepset.app.Keepset;
import io.keepset.app.LocalState;
import io.keepset.app.SamplePolicy;
import io.keepset.app.Wiring;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.retention.Backup;
import io.keepset.runner.Journal;
import io.keepset.runner.RunnerPlatform;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import io.keepset.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final Journal QUIET = (severity, subject, message) -> {};

  @TempDir private Path home;
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private LocalState state;
  private final AtomicInteger reads = new AtomicInteger();
  private Follower follower;
  private volatile Callable<Void> whileReading = () -> null;

  @BeforeEach
  void open() throws DriverException, IOException {
    Path policies = home.resolve("policies");
    write(7);
    Clock clock = Clock.systemUTC();
    Wiring wiring = new Wiring(home.resolve("data"), clock, Map.of(), QUIET, note -> {});
    state = wiring.localState();
    Keepset installed = wiring.on(state);
    Platform platform = new Counting(state.runner(), reads, () -> whileReading.call());
    Keepset keepset =
        new Keepset(
            home.resolve("data"),
            clock(),
            reference -> {
              throw new IllegalStateException("no secrets here");
            },
            () ->
                new Keepset.Parts(
                    new TreeMap<>(Map.of(RunnerPlatform.NAME, platform)),
                    installed.stores(),
                    installed.holds(),
                    installed.audit(),
                    installed.tokens(),
                    new Declaring(state.parts().declaring(), reads, () -> whileReading.call()),
                    state.parts().reporting(),
                    state.parts().ledger(),
                    state.parts().wal(),
                    state.parts().states(),
                    "here",
                    () -> {}));
    follower =
        new Follower(
            new DirectoryFeed(policies, clock()),
            keepset,
            state.database().applied(),
            Optional.of(Mode.FULL),
            state.database()::protectionChanges,
            () -> {});
    follower.turn(); // applies
    assertThat(follower.turn().good()).isTrue(); // finds nothing left to do
    reads.set(0);
  }

  @AfterEach
  void close() {
    state.close();
  }

  @Test
  void policiesThatDidNotChangeCostNoLookAtThePlatform() {
    Turn turn = follower.turn();

    assertThat(turn.good()).isTrue();
    assertThat(turn.revision()).isPresent();
    assertThat(reads).hasValue(0);
  }

  @Test
  void policiesThatCantBeReadAreAProblemOfTheTurnAndChangeNothing() throws IOException {
    Path policies = home.resolve("policies");
    Files.move(policies, home.resolve("elsewhere"));

    Turn lost = follower.turn();

    assertThat(lost.problem().orElse("")).contains("there is no directory " + policies);
    assertThat(lost.revision()).isEmpty();
    assertThat(follower.last()).contains(lost);
    assertThat(daily()).isEqualTo(7);
    Files.move(home.resolve("elsewhere"), policies);
    assertThat(follower.turn().good()).isTrue();
  }

  @Test
  void aChangeOfThePoliciesIsApplied() throws IOException {
    write(8);

    assertThat(follower.turn().good()).isTrue();

    assertThat(daily()).isEqualTo(8);
  }

  @Test
  void whatWasChangedThroughThisServerIsPutRightAtOnce() {
    state.catalogue().unprotect("files");

    follower.turn();

    assertThat(daily()).isEqualTo(7);
  }

  @Test
  void whatDriftedUnseenIsPutRightInTime() {
    now = now.plus(Follower.FULL_TURN).minusSeconds(1);
    follower.turn();
    assertThat(reads).hasValue(0);

    now = now.plusSeconds(1);
    follower.turn();
    assertThat(reads.get()).isPositive();
  }

  @Test
  void whoAsksHowThingsStandWaitsForNoTurn() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    whileReading =
        () -> {
          reading.countDown();
          goOn.await();
          return null;
        };
    write(8);
    Thread turn = new Thread(follower::turn);
    turn.start();
    try {
      Await.latch("the turn that reads", reading);
      CompletableFuture<Boolean> asked =
          CompletableFuture.supplyAsync(
              () ->
                  follower.last().isPresent()
                      && follower.appliedAt().isPresent()
                      && follower.settings().isPresent()
                      && follower.modeInForce() == Mode.FULL);
      Await.until("an answer", asked::isDone);
      assertThat(asked.get()).isTrue();
    } finally {
      goOn.countDown();
      turn.join();
    }
  }

  private int daily() {
    return state
        .catalogue()
        .protection("files")
        .orElseThrow()
        .retention()
        .tiers()
        .getOrDefault(Retention.Tier.DAILY, 0);
  }

  private void write(int daily) throws IOException {
    SamplePolicy.of(home).daily(daily).write(home.resolve("policies"));
  }

  private Clock clock() {
    InstantSource source = () -> now;
    return source.withZone(ZoneOffset.UTC);
  }

  /** Plans with platforms whose reads are counted too. */
  private record Declaring(
      Keepset.Declaring installed, AtomicInteger reads, Callable<Void> whileReading)
      implements Keepset.Declaring {
    @Override
    public SortedMap<String, Platform> planning(Collection<StoreSpec> stores) {
      SortedMap<String, Platform> counted = new TreeMap<>();
      installed
          .planning(stores)
          .forEach(
              (name, platform) -> counted.put(name, new Counting(platform, reads, whileReading)));
      return counted;
    }

    @Override
    public void remember(Settings settings) {
      installed.remember(settings);
    }

    @Override
    public void remember(Collection<DeclaredHold> holds, boolean whole) throws DriverException {
      installed.remember(holds, whole);
    }

    @Override
    public Footing footing() {
      return installed.footing();
    }

    @Override
    public void remember(Footing footing) {
      installed.remember(footing);
    }

    @Override
    public void remember(StoreSpec store) throws DriverException {
      installed.remember(store);
    }
  }

  /** The runner, with a count of how often it was looked at. */
  private static final class Counting implements Platform {
    private final Platform runner;
    private final AtomicInteger reads;
    private final Callable<Void> whileReading;

    Counting(Platform runner, AtomicInteger reads, Callable<Void> whileReading) {
      this.runner = runner;
      this.reads = reads;
      this.whileReading = whileReading;
    }

    @Override
    public Capabilities capabilities() {
      return runner.capabilities();
    }

    @Override
    public Protection normalize(Protection desired) {
      return runner.normalize(desired);
    }

    @Override
    public Inventory read() throws DriverException {
      reads.incrementAndGet();
      try {
        whileReading.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return runner.read();
    }

    @Override
    public SortedMap<String, List<Backup>> backups(Collection<String> databases)
        throws DriverException {
      return runner.backups(databases);
    }

    @Override
    public void apply(Change change) throws DriverException {
      runner.apply(change);
    }

    @Override
    public Optional<BackupOperations> operations() {
      return runner.operations();
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
