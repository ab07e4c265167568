package io.keepset.app;

import io.keepset.app.state.Audit;
import io.keepset.retention.Backup;
import io.keepset.spi.DriverException;
import java.util.List;

/** Who changed what, here or on the server. */
public interface AuditTrail {
  /**
   * Writes down what this process did. Where a server does it, it writes it down itself, and this
   * does nothing.
   *
   * @param by who, as the audit names people: {@code command} with the user's name
   * @param action dotted: {@code backup.delete}
   * @param detail for people; no secrets
   */
  void note(String by, String action, String target, String detail) throws DriverException;

  /**
   * Writes down that a backup came to be, or did not.
   *
   * @param action {@code backup.create}, {@code backup.upload}
   */
  default void made(String by, String action, Backup backup) throws DriverException {
    note(
        by,
        action,
        backup.id(),
        backup.kind() + " backup of " + backup.database() + ", " + backup.state());
  }

  /** The newest first. */
  List<Audit.Entry> newest(int limit) throws DriverException;

  /** The user of this process, as the audit names people. */
  static String user() {
    return "command " + System.getProperty("user.name", "unknown");
  }
}
