package io.keepset.app.state;

import io.keepset.app.LastResort;
import io.keepset.runner.Leases;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Leases for nodes that share a state database: rows that their owner renews. A lease whose owner
 * died, or can't reach the database, ends after half a minute. The clock is the database's, so that
 * the nodes' own may differ.
 */
final class JdbcLeases implements Leases, AutoCloseable {
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final String UNTIL = "current_timestamp + interval '30' second";

  private final Sql sql;
  private final String owner;
  private final Set<RowLease> mine = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService heart;

  @SuppressWarnings("FutureReturnValueIgnored") // it beats until it is shut down
  JdbcLeases(Sql sql, UUID owner) {
    this.sql = sql;
    this.owner = owner.toString();
    ScheduledThreadPoolExecutor one =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "keepset-leases");
              thread.setDaemon(true);
              return thread;
            });
    one.setRemoveOnCancelPolicy(true);
    this.heart = one;
    long beat = LIFE.toMillis() / 3;
    heart.scheduleWithFixedDelay(this::renew, beat, beat, TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<Lease> tryAcquire(String name) {
    sql.update("delete from lease where name = ? and held_until < current_timestamp", name);
    // A name of its own for every lease: one of ours that ended must not renew or free the next.
    RowLease lease = new RowLease(name, owner + "/" + UUID.randomUUID(), deadline());
    if (!sql.insert(
        "insert into lease (name, owner, held_until) values (?, ?, " + UNTIL + ")",
        name,
        lease.holder)) {
      return Optional.empty();
    }
    mine.add(lease);
    return Optional.of(lease);
  }

  private void renew() {
    for (RowLease lease : mine) {
      try {
        lease.renew();
      } catch (RuntimeException e) {
        // Not reached: the lease runs out by itself unless a later beat gets through.
      } catch (Error e) {
        LastResort.hear(e); // who runs this would stop in silence
      }
    }
  }

  private static long deadline() {
    return System.nanoTime() + LIFE.toNanos();
  }

  @Override
  public void close() {
    heart.shutdownNow();
  }

  private final class RowLease implements Lease {
    private final String name;
    private final String holder;
    private volatile long deadline;
    private volatile boolean lost;

    private RowLease(String name, String holder, long deadline) {
      this.name = name;
      this.holder = holder;
      this.deadline = deadline;
    }

    private void renew() {
      long next = deadline();
      if (lost || !renewed()) {
        lost = true;
        mine.remove(this);
      } else {
        deadline = next;
      }
    }

    private boolean renewed() {
      return sql.update(
              "update lease set held_until = "
                  + UNTIL
                  + " where name = ? and owner = ? and held_until >= current_timestamp",
              name,
              holder)
          == 1;
    }

    @Override
    public boolean held() {
      return !lost && mine.contains(this) && System.nanoTime() < deadline;
    }

    @Override
    public void close() {
      lost = true;
      if (mine.remove(this)) {
        sql.update("delete from lease where name = ? and owner = ?", name, holder);
      }
    }
  }
}
