package io.keepset.app.security;

import io.keepset.access.Role;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes and takes away what lets callers in, here or on the server. Safe for several threads. */
public interface TokenOperations {
  /**
   * A token without its secret.
   *
   * @param name as the audit names who has it
   * @param role as the state has it: one of a newer version may be unknown here
   * @param until from this moment on it lets nobody in; empty if it always does
   * @param person the e-mail address of whose it is, as commits name people; empty for a machine's
   */
  record Known(
      String name,
      String role,
      Instant created,
      Optional<Instant> until,
      Optional<String> person) {}

  /**
   * A token that is to be made.
   *
   * @param lasting empty for one that does not expire
   * @param person as {@link Known#person}
   */
  record Wish(String name, Role role, Optional<Duration> lasting, Optional<String> person) {}

  /**
   * A token that was just made.
   *
   * @param secret is shown this once and can't be had again
   */
  record Made(Known token, String secret) {}

  /** By name. */
  List<Known> list() throws DriverException;

  /**
   * Makes one; good at once.
   *
   * @param by who, as the audit names people
   * @throws DriverException REJECTED if the name is taken or no name for a token
   */
  Made add(Wish wish, String by) throws DriverException;

  /**
   * Takes one away; it is no longer good at once.
   *
   * @throws DriverException NOT_FOUND if there is none
   */
  void remove(String name, String by) throws DriverException;
}
