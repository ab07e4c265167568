package io.keepset.app.terraform.read;

import io.keepset.app.PolicyFeed;
import io.keepset.app.state.Declarations;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateException;
import io.keepset.app.watch.DriftWatch;
import io.keepset.app.watch.Outlook;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Drift;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.read.Database;
import io.keepset.terraform.read.Followed;
import io.keepset.terraform.read.Installation;
import io.keepset.terraform.read.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The installation as it is read. A look at everything is remembered: as long as this process
 * changes nothing and no other may have, asking costs next to nothing. Among very many databases
 * there is always one whose backup has just ended, so there a new look for backups alone is taken
 * at intervals, and those who ask meanwhile hear what was seen before; a changed policy or
 * protection is seen at once everywhere.
 */
public final class Installed implements Installation {
  private static final String KIND = "installation";
  private static final String NAME = "id";

  /** Time alone changes how things stand; the watch looks once a minute. */
  private static final Duration LASTS = Duration.ofMinutes(2);

  /** Other nodes of a shared state don't tell what they change. */
  private static final Duration LASTS_SHARED = Duration.ofSeconds(15);

  private static final int MANY = 1_000;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final int SHARE = 10;

  private final StateDatabase state;
  private final Supplier<Outlook> look;
  private final Supplier<Map<String, StoreSpec>> stores;
  private final Policies policies;
  private final DriftWatch drift;
  private final String id;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile @Nullable Seen last;
  private volatile long lastAsked;

  /** What decides whether a look is still good. */
  private record Mark(long backups, long protections, PolicyFeed.@Nullable Read policies) {
    boolean same(Mark other) {
      return backups == other.backups && sameProtections(other);
    }

    @SuppressWarnings("ReferenceEquality") // the same object as long as there is no newer one
    boolean sameProtections(Mark other) {
      return protections == other.protections && policies == other.policies;
    }
  }

  /**
   * One look.
   *
   * @param at by the machine's own clock, in nanoseconds
   */
  private record Seen(World world, Mark mark, long at, Duration took) {}

  /**
   * @param look at everything, as of now
   */
  public Installed(
      StateDatabase state,
      Supplier<Outlook> look,
      Supplier<Map<String, StoreSpec>> stores,
      Policies policies) {
    this.state = state;
    this.look = look;
    this.stores = stores;
    this.policies = policies;
    this.drift = new DriftWatch(state.declarations());
    this.id = id(state.declarations());
  }

  /** Made once, when a server starts, so that no reader has to. */
  private static String id(Declarations declarations) {
    Optional<String> known = declarations.find(KIND, NAME);
    if (known.isEmpty()) {
      declarations.put(KIND, NAME, UUID.randomUUID().toString());
      // Another node may have been later than we.
      known = declarations.find(KIND, NAME);
    }
    return known.orElseThrow();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Followed followed() throws DriverException {
    return policies.followed();
  }

  @Override
  public Optional<Drift> drift() throws DriverException {
    return asked(drift::found);
  }

  /** To be told once a minute: whoever asks often shall not wait because time has passed. */
  public void watched() {
    if (System.nanoTime() - lastAsked < LASTS.toNanos() && last != null) {
      looking.lock();
      try {
        refresh();
      } finally {
        looking.unlock();
      }
    }
  }

  @Override
  public World world() throws DriverException {
    return asked(this::seen);
  }

  private static <T> T asked(Supplier<T> question) throws DriverException {
    try {
      return question.get();
    } catch (StateException e) {
      throw new DriverException(Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    }
  }

  private World seen() {
    lastAsked = System.nanoTime();
    Seen seen = last;
    if (seen != null && (isGood(seen) || isRecent(seen))) {
      return seen.world();
    }
    if (!looking.tryLock()) {
      if (seen != null && isLarge(seen) && mark().sameProtections(seen.mark())) {
        return seen.world(); // somebody looks already, and that takes a while
      }
      looking.lock();
    }
    try {
      Seen now = last;
      return now != null && isGood(now) ? now.world() : refresh();
    } finally {
      looking.unlock();
    }
  }

  private boolean isGood(Seen seen) {
    Duration lasts = state.dialect().shared() ? LASTS_SHARED : LASTS;
    return mark().same(seen.mark()) && System.nanoTime() - seen.at() < lasts.toNanos();
  }

  private static boolean isLarge(Seen seen) {
    return seen.world().databases().size() >= MANY;
  }

  /** Looking again takes no more than a tenth of the time. */
  private boolean isRecent(Seen seen) {
    if (!isLarge(seen) || !mark().sameProtections(seen.mark())) {
      return false;
    }
    long pause = Math.max(INTERVAL.toNanos(), seen.took().toNanos() * SHARE);
    return System.nanoTime() - seen.at() < pause;
  }

  /** Another one as soon as anything is another that a plan depends on. */
  public Object changes() {
    return mark();
  }

  private Mark mark() {
    return new Mark(
        state.backupChanges(), state.protectionChanges(), policies.valid().orElse(null));
  }

  /** Only with the lock. */
  private World refresh() {
    Mark mark = mark(); // before the look: what changes meanwhile is looked at again
    long start = System.nanoTime();
    World world = build();
    Seen before = last;
    if (before != null && before.world().equals(world)) {
      world = before.world();
    }
    long end = System.nanoTime();
    last = new Seen(world, mark, end, Duration.ofNanos(end - start));
    return world;
  }

  private World build() {
    Optional<PolicySet> declared = policies.valid().flatMap(read -> read.policies().set().valid());
    SortedMap<String, Protection> protections = state.catalogue().protections();
    Outlook outlook = look.get();
    SortedMap<String, Database> databases = new TreeMap<>();
    for (Outlook.Standing standing : outlook.databases()) {
      Optional<Resolved> block = declared.map(set -> set.protections().get(standing.name()));
      databases.put(
          standing.name(),
          database(standing, block, Optional.ofNullable(protections.get(standing.name()))));
    }
    TreeSet<String> undeclared = new TreeSet<>();
    drift
        .found()
        .ifPresent(
            found ->
                found.items().stream()
                    .filter(item -> item.kind() == Drift.Kind.UNDECLARED)
                    .forEach(item -> undeclared.add(item.target().name())));
    return new World(
        databases,
        new TreeSet<>(declared.map(set -> set.environments().keySet()).orElse(new TreeSet<>())),
        stores(outlook, protections),
        undeclared,
        outlook.problems());
  }

  private static Database database(
      Outlook.Standing standing, Optional<Resolved> block, Optional<Protection> protection) {
    return new Database(
        standing.name(),
        standing.platform(),
        standing.engine(),
        block.flatMap(Resolved::environment),
        block.map(Resolved::policy),
        standing.state().name().toLowerCase(Locale.ROOT),
        protection,
        standing.backups(),
        standing.newest(),
        standing.nextRun(),
        standing.promises(),
        standing.problems());
  }

  private SortedMap<String, World.Store> stores(
      Outlook outlook, Map<String, Protection> protections) {
    Map<String, Integer> users = new TreeMap<>();
    for (Protection protection : protections.values()) {
      TreeSet<String> names = new TreeSet<>();
      protection.store().ifPresent(names::add);
      protection.copies().values().forEach(copy -> names.add(copy.to()));
      names.forEach(name -> users.merge(name, 1, Integer::sum));
    }
    SortedMap<String, World.Store> all = new TreeMap<>();
    for (StoreSpec store : new ArrayList<>(stores.get().values())) {
      all.put(
          store.name(),
          new World.Store(
              store.name(),
              store.type(),
              users.getOrDefault(store.name(), 0),
              outlook.storedBytes().getOrDefault(store.name(), 0L)));
    }
    return all;
  }
}
