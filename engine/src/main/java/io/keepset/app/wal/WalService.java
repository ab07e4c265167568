package io.keepset.app.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.runner.RunnerPorts;
import io.keepset.wal.WalCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the logs of all databases coming whose policy has {@code point_in_time}, a thread for each,
 * while a server runs. Closing it ends the receivers; what they had is archived by the next start.
 */
public final class WalService implements AutoCloseable {
  private static final long PAUSE_MILLIS = 1000;
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;
  private final Spool spool;
  private final LeftBehind leftBehind;
  private final SortedMap<String, Kept> kept = new TreeMap<>();
  private final Thread thread = new Thread(this::run, "keepset-wal");
  private final CountDownLatch ending = new CountDownLatch(1);
  private SortedSet<String> wanted = new TreeSet<>();
  private Instant nextLook = Instant.EPOCH;
  private volatile boolean stopping;

  /**
   * @param data directory of the installation
   */
  public WalService(RunnerPorts ports, WalCatalogue catalogue, Path data) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.spool = new Spool(data);
    this.leftBehind = new LeftBehind(ports, catalogue);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        look();
      } catch (RuntimeException | StackOverflowError e) {
        ports.journal().tell(Severity.ERROR, "wal", "looking after the logs failed: " + e);
      }
      rest();
    }
  }

  private void look() {
    SortedMap<String, Protection> protections = ports.catalogue().protections();
    for (Map.Entry<String, Protection> entry : protections.entrySet()) {
      if (WalKeeper.wanted(ports, entry.getValue()) && !kept.containsKey(entry.getKey())) {
        Kept one = new Kept(entry.getKey());
        kept.put(entry.getKey(), one);
        one.thread.start();
      }
    }
    kept.entrySet()
        .removeIf(
            entry -> {
              Protection protection = protections.get(entry.getKey());
              boolean ended = protection == null || !WalKeeper.wanted(ports, protection);
              if (ended) {
                entry.getValue().end();
              }
              return ended;
            });
    leftBehind(protections);
  }

  private void leftBehind(SortedMap<String, Protection> protections) {
    Instant now = ports.clock().instant();
    SortedSet<String> before = wanted;
    wanted = new TreeSet<>(kept.keySet());
    // At once when receiving ended just now; else what could not be dropped is tried again.
    if (wanted.containsAll(before) && now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(LOOK_EVERY);
    for (String database : catalogue.databases()) {
      Protection protection = protections.get(database);
      if (protection == null || !WalKeeper.wanted(ports, protection)) {
        leftBehind.look(database);
      }
    }
  }

  private void rest() {
    try {
      if (ending.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        stopping = true;
      }
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  @Override
  public void close() {
    stopping = true;
    ending.countDown();
    join(thread);
    kept.values().forEach(one -> one.end());
    kept.clear();
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One database with its thread. */
  private final class Kept {
    private final String database;
    private final WalKeeper keeper;
    private final Thread thread;
    private volatile boolean over;

    Kept(String database) {
      this.database = database;
      this.keeper = new WalKeeper(ports, catalogue, spool, database);
      this.thread = new Thread(this::run, "keepset-wal-" + database);
    }

    private void run() {
      while (!over && !stopping) {
        try {
          keeper.turn();
        } catch (RuntimeException | StackOverflowError e) {
          ports.journal().tell(Severity.ERROR, database, "receiving its log failed: " + e);
        }
        rest();
      }
    }

    void end() {
      over = true;
      join(thread);
      keeper.close();
    }
  }
}
