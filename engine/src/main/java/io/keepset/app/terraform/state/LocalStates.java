package io.keepset.app.terraform.state;

import io.keepset.access.Caller;
import io.keepset.app.state.TerraformStates.Lock;
import io.keepset.app.state.TerraformStates.Row;
import io.keepset.app.state.TerraformStates.Version;
import io.keepset.policy.Nearest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.state.StateLock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@link StateOperations} on the state database of this process. */
public final class LocalStates implements StateOperations {
  private final KeptStates states;
  private final Supplier<Duration> staleAfter;
  private final InstantSource clock;

  public LocalStates(KeptStates states, Supplier<Duration> staleAfter, InstantSource clock) {
    this.states = states;
    this.staleAfter = staleAfter;
    this.clock = clock;
  }

  @Override
  public List<Kept> list() throws DriverException {
    Map<String, Made> newest = new HashMap<>();
    for (Version version : states.newest()) {
      newest.put(version.state(), made(version));
    }
    List<Kept> kept = new ArrayList<>();
    for (Row row : states.rows()) {
      kept.add(
          new Kept(
              row.name(), Optional.ofNullable(newest.get(row.name())), row.lock().map(this::held)));
    }
    return kept;
  }

  @Override
  public List<Made> history(String name) throws DriverException {
    find(name);
    return states.versions(name).stream().map(LocalStates::made).toList();
  }

  private Row find(String name) throws DriverException {
    List<Row> rows = states.rows();
    TreeSet<String> names = new TreeSet<>();
    for (Row row : rows) {
      if (row.name().equals(name)) {
        return row;
      }
      names.add(row.name());
    }
    throw new DriverException(
        Kind.NOT_FOUND,
        "there is no state "
            + name
            + Nearest.to(name, names).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  @Override
  public byte[] content(String name, OptionalLong version) throws DriverException {
    long number = version.isPresent() ? version.getAsLong() : find(name).version();
    Optional<byte[]> content = states.read(name, number);
    if (content.isEmpty()) {
      throw missing(name, number);
    }
    return content.get();
  }

  private DriverException missing(String name, long version) throws DriverException {
    List<Made> kept = history(name);
    boolean deletion = kept.stream().anyMatch(made -> made.version() == version);
    return new DriverException(
        Kind.NOT_FOUND,
        deletion
            ? "version " + version + " of state " + name + " is a deletion and has no content"
            : "state "
                + name
                + " has no version "
                + version
                + " (any more); see keepset terraform state history "
                + name);
  }

  @Override
  public Made rollback(String name, long version, Caller by) throws DriverException {
    content(name, OptionalLong.of(version)); // says what is missing
    KeptStates.RolledBack done = states.rollback(name, version, by);
    if (done.lock().isPresent()) {
      throw new DriverException(
          Kind.REJECTED,
          "state " + name + " is locked by " + words(done.lock().get()) + ": wait for its end");
    }
    Optional<Version> now = done.newest();
    if (now.isEmpty()) {
      throw missing(name, version);
    }
    return made(now.get());
  }

  @Override
  public void unlock(String name, String lockId, Caller by) throws DriverException {
    Optional<Lock> lock = find(name).lock();
    if (lock.isEmpty()) {
      throw new DriverException(Kind.REJECTED, "state " + name + " is not locked");
    }
    if (states.unlock(name, Optional.of(lockId), true, by).holder().isPresent()) {
      throw new DriverException(
          Kind.REJECTED,
          "state " + name + " is not locked by " + lockId + " but by " + words(lock.get()));
    }
  }

  private static String words(Lock lock) {
    StateLock info = new StateLock(lock.id(), lock.info());
    return lock.id()
        + info.text("Who").map(who -> " of " + who).orElse("")
        + info.text("Operation").map(what -> ", " + what).orElse("")
        + ", since "
        + lock.at();
  }

  private Held held(Lock lock) {
    StateLock info = new StateLock(lock.id(), lock.info());
    Instant staleFrom = lock.at().plus(staleAfter.get());
    return new Held(
        lock.id(),
        lock.by(),
        info.text("Who"),
        info.text("Operation"),
        lock.at(),
        !clock.instant().isBefore(staleFrom));
  }

  private static Made made(Version version) {
    return new Made(
        version.version(),
        version.at(),
        version.by(),
        version.action().name().toLowerCase(Locale.ROOT),
        version.from(),
        version.lockId(),
        version.size(),
        version.serial(),
        version.lineage(),
        version.program());
  }
}
