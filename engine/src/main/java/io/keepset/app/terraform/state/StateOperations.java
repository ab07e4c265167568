package io.keepset.app.terraform.state;

import io.keepset.access.Caller;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What people do with Terraform's states, here or on the server. */
public interface StateOperations {
  /**
   * One state.
   *
   * @param newest empty if it was locked and never written
   */
  record Kept(String name, Optional<Made> newest, Optional<Held> lock) {}

  /**
   * One version.
   *
   * @param action {@code write}, {@code rollback} or {@code delete}
   * @param from the version that was rolled back to
   * @param lockId under which it was written
   * @param size in bytes, 0 for a deletion
   * @param serial of Terraform's
   * @param program version of Terraform or OpenTofu
   */
  record Made(
      long version,
      Instant at,
      String by,
      String action,
      OptionalLong from,
      Optional<String> lockId,
      long size,
      OptionalLong serial,
      Optional<String> lineage,
      Optional<String> program) {}

  /**
   * A lock.
   *
   * @param by the name of the token that took it
   * @param who as Terraform says it: user and machine
   * @param operation as Terraform says it
   * @param stale it is so old that its holder may be dead; nobody breaks it but people
   */
  record Held(
      String id,
      String by,
      Optional<String> who,
      Optional<String> operation,
      Instant since,
      boolean stale) {}

  /** All, by name. */
  List<Kept> list() throws DriverException;

  /**
   * The versions that are kept, the newest first.
   *
   * @throws DriverException NOT_FOUND if there is no such state
   */
  List<Made> history(String name) throws DriverException;

  /**
   * The content of a version.
   *
   * @param version empty for the newest
   * @throws DriverException NOT_FOUND if there is no such state or version, or it has no content
   */
  byte[] content(String name, OptionalLong version) throws DriverException;

  /**
   * Makes what a version was the newest again. The versions since stay.
   *
   * @return the newest version now
   * @throws DriverException NOT_FOUND as above; REJECTED if the state is locked
   */
  Made rollback(String name, long version, Caller by) throws DriverException;

  /**
   * Breaks a lock.
   *
   * @throws DriverException NOT_FOUND if there is no such state; REJECTED if it is not locked, or
   *     by another lock than this
   */
  void unlock(String name, String lockId, Caller by) throws DriverException;
}
