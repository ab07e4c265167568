package io.keepset.terraform.coverage;

import java.util.Optional;

/**
 * An attribute of a resource, as far as a plan tells it.
 *
 * @param text of a known scalar
 */
record Value(State state, Optional<String> text) {
  static final Value ABSENT = new Value(State.ABSENT, Optional.empty());
  static final Value UNKNOWN = new Value(State.UNKNOWN, Optional.empty());
  static final Value HIDDEN = new Value(State.HIDDEN, Optional.empty());

  enum State {
    KNOWN,
    /** Not set, or null. */
    ABSENT,
    /** Known after apply. */
    UNKNOWN,
    /** Sensitive: neither compared nor shown. */
    HIDDEN
  }

  static Value known(String text) {
    return new Value(State.KNOWN, Optional.of(text));
  }

  /** What is there, but not to be seen before the apply, or by us. */
  boolean unseen() {
    return state == State.UNKNOWN || state == State.HIDDEN;
  }
}
