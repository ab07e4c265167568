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

  /** Something that is done. */
  interface Work<T> {
    T run() throws DriverException;
  }

  /**
   * Does something that must not happen unseen. The audit says beforehand that it is attempted
   * (where that can't be written nothing is done), and afterwards that it was done or that it
   * failed: {@code token.add.attempted}, then {@code token.add} or {@code token.add.failed}.
   */
  default <T> T around(String by, String action, String target, String detail, Work<T> work)
      throws DriverException {
    note(by, action + ".attempted", target, detail);
    T done;
    try {
      done = work.run();
    } catch (DriverException | RuntimeException e) {
      failed(by, action, target, e);
      throw e;
    }
    note(by, action, target, detail);
    return done;
  }

  /** Says that something failed which was attempted; what goes wrong with that is told with it. */
  default void failed(String by, String action, String target, Exception why) {
    try {
      note(by, action + ".failed", target, String.valueOf(why.getMessage()));
    } catch (DriverException | RuntimeException e) {
      why.addSuppressed(e);
    }
  }

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
        backup.kind().word() + " backup of " + backup.database() + ", " + backup.state());
  }

  /** The newest first. */
  List<Audit.Entry> newest(int limit) throws DriverException;

  /** The user of this process, as the audit names people. */
  static String user() {
    return "command " + System.getProperty("user.name", "unknown");
  }
}
