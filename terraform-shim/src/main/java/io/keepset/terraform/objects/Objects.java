package io.keepset.terraform.objects;

import io.keepset.access.Caller;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where objects are kept: the policies that the engine follows. Safe for several threads.
 *
 * <p>All of it throws {@link Refusal} for what can't be granted, and {@link DriverException} if the
 * place can't be reached.
 */
public interface Objects {
  /** An object as it was submitted; empty if there is none that was written here. */
  Optional<MapNode> read(ObjectName object, Optional<String> branch) throws DriverException;

  /** How far an object has come; empty if there is none that was written here. */
  Optional<MapNode> status(ObjectName object, Optional<String> branch) throws DriverException;

  /** What a change would do, and what the guards say. Changes nothing. */
  MapNode plan(Change change) throws DriverException;

  /** Makes a change for good, and then waits for it to take effect as long as it may. */
  Landed write(Change change) throws DriverException;

  /**
   * A change of one object.
   *
   * @param content what it is from then on; empty removes it
   * @param condition asked each time before anything is made of it
   * @param again true if the same was asked before and nobody knows what became of it; then to find
   *     it done is as good as doing it
   */
  record Change(
      ObjectName object,
      Optional<MapNode> content,
      Condition condition,
      Asked asked,
      boolean again) {}

  /**
   * By whom a change is asked for, and how.
   *
   * @param branch other than what is followed
   * @param message why, for the history
   * @param patience how long to wait for it to take effect
   */
  record Asked(Caller by, Optional<String> branch, Optional<String> message, Duration patience) {}

  /** What must hold of an object before it is changed. */
  @FunctionalInterface
  interface Condition {
    /**
     * @param there what it is now
     * @throws Refusal 412 if it does not hold, 404 if there is nothing to change
     */
    void check(Optional<MapNode> there);
  }

  /**
   * What became of a change.
   *
   * @param created true if the object was not there before
   * @param revision that has it: the id of a commit
   */
  record Landed(boolean created, String revision, State state) {}

  /** How far a change has come. */
  enum State {
    IN_FORCE,
    /** It waits for the next look at the policies. */
    PENDING,
    /** The policies were looked at and are not in force; the status says why. */
    FAILING,
    /** It is on a branch that is not followed. */
    ON_BRANCH;

    /** As it stands in answers: {@code in-force}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
