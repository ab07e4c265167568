package io.keepset.terraform.read;

import io.keepset.reconcile.Drift;
import io.keepset.spi.DriverException;
import java.util.Optional;

/** What is read about the installation. Asking changes nothing. Safe for several threads. */
public interface Installation {
  /**
   * The same object as long as nothing has changed that it tells of.
   *
   * @throws DriverException if the state can't be read
   */
  World world() throws DriverException;

  /** What the server follows, and how that stands. */
  Followed followed() throws DriverException;

  /** What the last look for drift found; empty before the first. */
  Optional<Drift> drift() throws DriverException;

  /** Tells this installation from others, for ever. */
  String id();
}
