package io.keepset.access;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param name as the audit names people and machines
 * @param person the e-mail address of who that is, as commits name people; empty for a machine, or
 *     where it is not known
 */
public record Caller(String name, Role role, Optional<String> person) {
  /** A machine. */
  public Caller(String name, Role role) {
    this(name, role, Optional.empty());
  }
}
