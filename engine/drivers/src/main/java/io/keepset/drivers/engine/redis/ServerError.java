package io.keepset.drivers.engine.redis;

/** What a server answered with a minus in front: {@code NOPERM this user has no permissions …}. */
final class ServerError extends Exception {
  ServerError(String message) {
    super(message);
  }

  /** The first word, in capitals by convention. */
  String code() {
    return text().split(" ", 2)[0];
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
