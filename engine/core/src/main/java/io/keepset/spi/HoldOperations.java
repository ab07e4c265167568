package io.keepset.spi;

import io.keepset.policy.HeldDays;
import io.keepset.policy.Hold;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The holds of an installation. A port, because the installation may be this process or a server.
 */
public interface HoldOperations {
  /** Who made a hold, and who can end it. */
  enum Kind {
    /** Made by a command: ended by one. */
    HAND,
    /** Stands in policy files: ended there, in a plan. */
    FILES,
    /**
     * Stood in policy files, and still keeps backups of databases that are no longer declared, so
     * that no plan shows its end: ended by a command.
     */
    LEFT
  }

  /**
   * A hold that keeps backups now.
   *
   * @param place file, line and column, of those in files; else empty
   * @param since when it was taken up
   * @param by who made it
   * @param databases that it covers now, with the days on the clocks of each
   */
  record InForce(
      Hold hold,
      Kind kind,
      String place,
      Instant since,
      String by,
      SortedMap<String, HeldDays> databases) {
    public InForce {
      databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
    }
  }

  /** All, by name. */
  List<InForce> list() throws DriverException;

  /**
   * Takes effect at once. A database that it covers once, by name or by label, stays covered until
   * the hold ends, whatever becomes of its labels.
   *
   * @param by who makes it; a server that is asked over the network knows that better
   * @throws DriverException REJECTED if the name is taken
   */
  void add(Hold hold, String by) throws DriverException;

  /**
   * Ends a hold made by hand, or one that was left behind. What it kept goes by the rules again.
   *
   * @param reason for the audit
   * @throws DriverException NOT_FOUND if there is none; REJECTED if it stands in policy files
   */
  void end(String name, String reason, String by) throws DriverException;
}
