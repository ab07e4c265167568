package io.keepset.app.state;

/** The state database failed while it was in use. The message is for people and has no secrets. */
public final class StateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StateException(String message, Throwable cause) {
    super(message, cause);
  }
}
