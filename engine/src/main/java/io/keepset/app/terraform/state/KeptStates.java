package io.keepset.app.terraform.state;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.state.Audit;
import io.keepset.app.state.StateException;
import io.keepset.app.state.TerraformStates;
import io.keepset.app.state.TerraformStates.Action;
import io.keepset.app.state.TerraformStates.Broken;
import io.keepset.app.state.TerraformStates.Change;
import io.keepset.app.state.TerraformStates.Lock;
import io.keepset.app.state.TerraformStates.Locked;
import io.keepset.app.state.TerraformStates.Row;
import io.keepset.app.state.TerraformStates.Version;
import io.keepset.plan.Figures;
import io.keepset.policy.TerraformStateRules;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.runner.artifact.SealedBytes;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.state.Holder;
import io.keepset.terraform.state.Outcome;
import io.keepset.terraform.state.StateFacts;
import io.keepset.terraform.state.StateLock;
import io.keepset.terraform.state.States;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Terraform's states in the state database. Every change, its version, its lock and its line in the
 * audit are one transaction, and changes of one state take turns on all nodes: so there is never
 * half of anything, and one holder of each lock.
 */
public final class KeptStates implements States {
  private static final int SHARE_OF_MEMORY = 6;

  private final TerraformStates table;
  private final StateKeys keys;
  private final Supplier<TerraformStateRules> rules;
  private final InstantSource clock;

  public KeptStates(
      TerraformStates table,
      StateKeys keys,
      Supplier<TerraformStateRules> rules,
      InstantSource clock) {
    this.table = table;
    this.keys = keys;
    this.rules = rules;
    this.clock = clock;
  }

  /** What is written is in memory several times: beyond this the server would end. */
  @Override
  public long largest() {
    return Math.min(rules.get().largest(), Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY);
  }

  @Override
  public long size(String name) throws DriverException {
    Optional<Row> row = ask(() -> table.find(name)).filter(found -> found.version() > 0);
    return row.isEmpty()
        ? 0
        : ask(() -> table.version(name, row.get().version())).map(Version::size).orElse(0L);
  }

  @Override
  public Optional<byte[]> read(String name) throws DriverException {
    Optional<Row> row = ask(() -> table.find(name)).filter(found -> found.version() > 0);
    return row.isEmpty() ? Optional.empty() : read(name, row.get().version());
  }

  /** One version, empty if it is a deletion or was never there. */
  Optional<byte[]> read(String name, long number) throws DriverException {
    Optional<Version> version = ask(() -> table.version(name, number));
    if (version.isEmpty()) {
      return Optional.empty();
    }
    Optional<SealedBytes> content = ask(() -> table.content(version.get()));
    return content.isEmpty() ? Optional.empty() : Optional.of(open(version.get(), content.get()));
  }

  private byte[] open(Version version, SealedBytes content) throws DriverException {
    return content.open(
        keys.opening(content.keyId()), place(version.state(), version.version()), version.size());
  }

  /** What is authenticated with a content, so that rows can't be swapped. */
  private static String place(String name, long version) {
    return "terraform/state/" + name + "/" + version;
  }

  @Override
  public Outcome write(String name, byte[] content, Optional<String> lockId, Caller by)
      throws DriverException {
    KeyRing sealing = keys.sealing();
    return change(
        name,
        state -> {
          Optional<Outcome> refused = refused(state, lockId, by);
          if (refused.isPresent()) {
            return refused.get();
          }
          if (isNewest(state, content)) {
            return Outcome.DONE; // the answer to the first of these requests was lost
          }
          if (state.row().lock().isEmpty()
              && lockId.isPresent()
              && !isLeftBehind(state, lockId.get())) {
            return Outcome.OVERTAKEN;
          }
          Draft draft = new Draft(Action.WRITE, OptionalLong.empty(), lockId, content);
          add(state, draft, sealing, by);
          return Outcome.DONE;
        });
  }

  /** Why a change does not get past somebody's lock, if there is one. */
  private Optional<Outcome> refused(Locked state, Optional<String> lockId, Caller by) {
    Optional<Lock> lock = state.row().lock();
    if (lock.isPresent() && !lock.map(Lock::id).equals(lockId)) {
      return Optional.of(Outcome.held(holder(lock.get())));
    }
    if (lock.isPresent() && !mayUse(lock.get(), by)) {
      // Its ID is told to everybody who asks.
      return Optional.of(Outcome.foreign(holder(lock.get())));
    }
    return Optional.empty();
  }

  private boolean isNewest(Locked state, byte[] content) {
    Optional<Version> newest = state.newest().filter(v -> v.size() == content.length);
    Optional<SealedBytes> sealed = newest.flatMap(state::content);
    try {
      return sealed.isPresent() && Arrays.equals(open(newest.get(), sealed.get()), content);
    } catch (DriverException e) {
      return false; // what can't be compared is kept beside what comes now
    }
  }

  /**
   * Whether somebody broke the lock of a run that is still at work, and nobody else wrote since:
   * then what that run made is told by nothing but this.
   */
  private static boolean isLeftBehind(Locked state, String lockId) {
    Optional<Broken> broken = state.row().broken().filter(b -> b.id().equals(lockId));
    return broken.isPresent()
        && (state.row().version() == broken.get().version()
            || state.newest().flatMap(Version::lockId).equals(Optional.of(lockId)));
  }

  @Override
  public Outcome delete(String name, Optional<String> lockId, Caller by) throws DriverException {
    KeyRing sealing = keys.sealing();
    return change(
        name,
        state -> {
          Optional<Outcome> refused = refused(state, lockId, by);
          if (refused.isPresent()) {
            return refused.get();
          }
          if (state.newest().map(Version::action).orElse(Action.DELETE) != Action.DELETE) {
            Draft draft = new Draft(Action.DELETE, OptionalLong.empty(), lockId, new byte[0]);
            add(state, draft, sealing, by);
          }
          return Outcome.DONE;
        });
  }

  /**
   * A version to be.
   *
   * @param content empty for a deletion
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Draft(Action action, OptionalLong from, Optional<String> lockId, byte[] content) {}

  private Version add(Locked state, Draft draft, KeyRing sealing, Caller by) {
    String name = state.row().name();
    long number = state.row().version() + 1;
    byte[] content = draft.content();
    StateFacts facts = StateFacts.of(content);
    Optional<SealedBytes> sealed =
        draft.action() == Action.DELETE
            ? Optional.empty()
            : Optional.of(SealedBytes.seal(sealing, place(name, number), content));
    Version version =
        new Version(
            name,
            number,
            clock.instant(),
            by.name(),
            draft.action(),
            draft.from(),
            draft.lockId(),
            content.length,
            facts.serial(),
            facts.lineage(),
            facts.version(),
            sealed.flatMap(SealedBytes::keyId));
    state.add(version, sealed);
    List<Version> gone =
        new Versions(rules.get().versions()).gone(state.versions(), clock.instant());
    gone.forEach(state::remove);
    note(state, by, word(draft.action()), detail(version, gone));
    return version;
  }

  private static String word(Action action) {
    return switch (action) {
      case WRITE -> "write";
      case ROLLBACK -> "rollback";
      case DELETE -> "delete";
    };
  }

  private static String detail(Version version, List<Version> gone) {
    StringBuilder text = new StringBuilder("version ").append(version.version());
    version.from().ifPresent(from -> text.append(", what version ").append(from).append(" was"));
    version.serial().ifPresent(serial -> text.append(", serial ").append(serial));
    if (version.action() != Action.DELETE) {
      text.append(", ").append(Figures.size(version.size()));
    }
    if (!gone.isEmpty()) {
      text.append("; no longer kept: ").append(Figures.count(gone.size(), "version"));
    }
    return text.toString();
  }

  private void note(Locked state, Caller by, String action, String detail) {
    state.note(
        new Audit.Entry(
            clock.instant(),
            by.name(),
            "terraform.state." + action,
            state.row().name(),
            Optional.of(detail)));
  }

  /**
   * What came of a rollback.
   *
   * @param newest the newest version now; empty if the one that was asked for is gone
   * @param lock that stood in the way
   */
  record RolledBack(Optional<Version> newest, Optional<Lock> lock) {}

  /** Makes the content of a version the newest again, unless the state is locked. */
  RolledBack rollback(String name, long number, Caller by) throws DriverException {
    KeyRing sealing = keys.sealing();
    Optional<byte[]> content = read(name, number);
    if (content.isEmpty()) {
      return new RolledBack(Optional.empty(), Optional.empty());
    }
    return change(
        name,
        state -> {
          Optional<Version> newest = state.newest();
          if (state.row().lock().isPresent() || isNewest(state, content.get())) {
            return new RolledBack(newest, state.row().lock());
          }
          Draft draft =
              new Draft(Action.ROLLBACK, OptionalLong.of(number), Optional.empty(), content.get());
          return new RolledBack(Optional.of(add(state, draft, sealing, by)), Optional.empty());
        });
  }

  /** All that were ever written or are locked, by name. */
  List<Row> rows() throws DriverException {
    return ask(table::all);
  }

  /** The newest version of each. */
  List<Version> newest() throws DriverException {
    return ask(table::newest);
  }

  /** The newest first. */
  List<Version> versions(String name) throws DriverException {
    return ask(() -> table.versions(name));
  }

  @Override
  public Outcome lock(String name, StateLock wanted, Caller by) throws DriverException {
    keys.sealing(); // whoever gets the lock makes things that only his state will tell of
    return change(
        name,
        state -> {
          Optional<Lock> lock = state.row().lock();
          if (lock.isPresent()) {
            return lock.get().id().equals(wanted.id())
                ? Outcome.DONE
                : Outcome.held(holder(lock.get()));
          }
          state.lock(
              new Lock(
                  wanted.id(), wanted.json(), by.name(), clock.instant(), state.row().version()));
          return Outcome.DONE;
        });
  }

  @Override
  public Outcome unlock(String name, Optional<String> lockId, boolean force, Caller by)
      throws DriverException {
    if (ask(() -> table.find(name)).isEmpty()) {
      return Outcome.DONE;
    }
    return change(
        name,
        state -> {
          Optional<Lock> lock = state.row().lock();
          if (lock.isEmpty()) {
            return Outcome.DONE;
          }
          if (lockId.isPresent() && !lockId.get().equals(lock.get().id())) {
            return Outcome.held(holder(lock.get()));
          }
          boolean own = lock.get().by().equals(by.name());
          if (!mayUse(lock.get(), by)) {
            return Outcome.foreign(holder(lock.get()));
          }
          state.unlock();
          if (force || !own) {
            state.broken(lock.get());
            note(state, by, "unlock", "broke the lock " + words(lock.get()));
          }
          return Outcome.DONE;
        });
  }

  /** The token that took a lock, or an admin's. */
  private static boolean mayUse(Lock lock, Caller by) {
    return lock.by().equals(by.name()) || by.role().may(Role.ADMIN);
  }

  private static String words(Lock lock) {
    return lock.id() + " of " + lock.by() + ", held since " + lock.at();
  }

  private static Holder holder(Lock lock) {
    return new Holder(new StateLock(lock.id(), lock.info()), lock.by(), lock.at());
  }

  private <T> T change(String name, Change<T> change) throws DriverException {
    return ask(() -> table.change(name, change));
  }

  /** Trouble of the database may pass: Terraform tries again. */
  private static <T> T ask(Supplier<T> question) throws DriverException {
    try {
      return question.get();
    } catch (StateException e) {
      throw new DriverException(Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    }
  }
}
