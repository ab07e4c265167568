package io.keepset.app.doctor;

import io.keepset.spi.DriverException;

/** The state of the installation, wherever it is. */
@FunctionalInterface
public interface State {
  /**
   * Opens it.
   *
   * @return where it is, as printed
   * @throws DriverException with what is wrong with it
   */
  String open() throws DriverException;
}
