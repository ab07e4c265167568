package io.keepset.terraform.state;

import java.util.Optional;

/**
 * What came of a request to change a state or its lock.
 *
 * @param holder who is in the way; empty if nobody is
 */
public record Outcome(Kind kind, Optional<Holder> holder) {
  /** How it ended. */
  public enum Kind {
    /** It is so now, for good, whether by this request or by an earlier one. */
    DONE,
    /** Somebody else holds the lock. */
    HELD,
    /** The lock that was named is held by nobody any more, and the state went on without it. */
    OVERTAKEN,
    /** The lock was taken by another token, which only an admin may overrule. */
    FOREIGN
  }

  public static final Outcome DONE = new Outcome(Kind.DONE, Optional.empty());
  public static final Outcome OVERTAKEN = new Outcome(Kind.OVERTAKEN, Optional.empty());

  public static Outcome held(Holder holder) {
    return new Outcome(Kind.HELD, Optional.of(holder));
  }

  public static Outcome foreign(Holder holder) {
    return new Outcome(Kind.FOREIGN, Optional.of(holder));
  }
}
