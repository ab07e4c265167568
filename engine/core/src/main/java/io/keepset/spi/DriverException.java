package io.keepset.spi;

import java.util.Objects;

/**
 * A platform, engine or store could not do what was asked. The message is for people: cause and
 * fix, no secrets.
 */
public final class DriverException extends Exception {
  /** Who has to act. */
  public enum Kind {
    /** Try again later: network, throttling, a busy server. */
    TRANSIENT,
    /** The request is wrong for this target and stays wrong: author must act. */
    REJECTED,
    /** Credentials or rights are missing: operator must act. */
    DENIED,
    /** What was asked for is not there. */
    NOT_FOUND,
    /** Bytes are not what they should be: never to be trusted. */
    DAMAGED
  }

  private final Kind kind;

  public DriverException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public DriverException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Never null: both constructors ask for one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
