package io.keepset.app.doctor;

import io.keepset.retention.Backup;
import io.keepset.spi.DriverException;
import java.util.List;

/** The state of the installation, wherever it is. */
@FunctionalInterface
public interface State {
  /** What it says of itself. */
  record Known(String where, List<Backup> backups) {
    public Known {
      backups = List.copyOf(backups);
    }

    /** Those that a store should hold, whole. */
    List<Backup> in(String store) {
      return backups.stream()
          .filter(b -> b.store().filter(store::equals).isPresent())
          .filter(
              b ->
                  switch (b.state()) {
                    case CREATED, RESTORING, EXPIRED -> true;
                    case CREATING, FAILED, DELETED -> false;
                  })
          .toList();
    }
  }

  /**
   * Opens it.
   *
   * @return where it is, as printed, and the backups that it knows whose stores and keys are to be
   *     looked at from here
   * @throws DriverException with what is wrong with it
   */
  Known open() throws DriverException;
}
