package io.keepset.drivers.platform.memory;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.RetentionReach;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A platform that keeps settings and backups in memory. Behaves as a managed one does: it keeps
 * backups itself, so it echoes no store and no connection, and it has no point in time.
 *
 * <p>Besides being a platform it lets a test or a demonstration put things there that Keepset does
 * not own, and lets calls fail.
 */
public final class MemoryPlatform implements Platform {
  private final String name;
  private final RetentionReach reach;
  private final TreeMap<String, LiveTarget> targets = new TreeMap<>();
  private final MemoryBackups backups;
  private final Map<String, DriverException> troubles = new HashMap<>();
  private int writes;

  public MemoryPlatform(String name, InstantSource clock) {
    this(name, clock, RetentionReach.REACHES_BACK);
  }

  /**
   * @param reach what it declares about old backups when its retention changes
   */
  public MemoryPlatform(String name, InstantSource clock, RetentionReach reach) {
    this.name = name;
    this.reach = reach;
    this.backups = new MemoryBackups(clock, this);
  }

  /** Puts a target there that somebody else made; of what is wished it has what it can keep. */
  public synchronized void putForeign(Protection wish) {
    targets.put(wish.name(), new LiveTarget(wish.target(), Optional.of(normalize(wish)), false));
  }

  /** Puts a backup there as if it had been made. */
  public synchronized void put(Backup backup) {
    backups.put(backup);
  }

  /** From now on every write to this database, and every backup of it, fails so. */
  public synchronized void fail(String database, DriverException trouble) {
    troubles.put(database, trouble);
  }

  /** Ends what {@link #fail} began. */
  public synchronized void recover(String database) {
    troubles.remove(database);
  }

  /** How many changes were carried out. */
  public synchronized int writes() {
    return writes;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities() {
      @Override
      public List<Diagnostic> unsupported(Protection desired) {
        return MemoryPlatform.this.unsupported(desired);
      }

      @Override
      public RetentionReach retentionReach() {
        return reach;
      }
    };
  }

  private List<Diagnostic> unsupported(Protection desired) {
    return desired.pointInTime().isEmpty()
        ? List.of()
        : List.of(
            Diagnostic.error(
                    "platform.point_in_time",
                    "platform " + name + " can't restore to a point in time",
                    null)
                .withHint("leave point_in_time out, or use another platform")
                .withPointer("point_in_time"));
  }

  @Override
  public Protection normalize(Protection desired) {
    return desired.change().store(Optional.empty()).connection(Options.NONE).build();
  }

  @Override
  public synchronized Inventory read() {
    TreeMap<String, LiveTarget> found = new TreeMap<>(targets);
    for (String database : backups.databases()) {
      found.putIfAbsent(
          database, new LiveTarget(new TargetId(name, database), Optional.empty(), true));
    }
    return new Inventory(found);
  }

  @Override
  public synchronized SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    TreeMap<String, List<Backup>> found = new TreeMap<>();
    for (String database : databases) {
      found.put(database, backups.of(database));
    }
    return found;
  }

  @Override
  public synchronized void apply(Change change) throws DriverException {
    String database = change.target().name();
    failIfAsked(database);
    LiveTarget found = targets.get(database);
    if (found != null && !found.owned() && change.action() != Action.ADOPT) {
      throw new DriverException(
          Kind.REJECTED,
          database + " on " + name + " was not made by Keepset, which does not touch it");
    }
    if (!change.action().acts()) {
      return;
    }
    if (change.action() == Action.DELETE) {
      targets.remove(database);
    } else {
      targets.put(database, new LiveTarget(change.target(), change.after(), true));
    }
    writes++;
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.of(backups);
  }

  @Override
  public void close() {}

  synchronized void failIfAsked(String database) throws DriverException {
    DriverException trouble = troubles.get(database);
    if (trouble != null) {
      throw trouble;
    }
  }

  synchronized Protection protection(String database) throws DriverException {
    LiveTarget found = targets.get(database);
    if (found == null || found.protection().isEmpty()) {
      throw new DriverException(Kind.NOT_FOUND, database + " is not protected on " + name);
    }
    return found.protection().get();
  }
}
