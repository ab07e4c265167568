package io.keepset.app;

import io.keepset.access.Caller;
import io.keepset.plan.Revision;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.Optional;

/**
 * Policies that can be written where they are followed: one file at a time, all of it or nothing.
 * Safe for several threads; other processes may write at the same time.
 */
public interface WritablePolicies {
  /**
   * What stands there now, asked for anew.
   *
   * @param branch one other than what is followed; one that does not exist begins at what is
   *     followed
   * @throws DriverException if it can't be read, or REJECTED if it is nothing that can be written
   */
  Base open(Optional<String> branch) throws DriverException;

  /**
   * The same for whoever only reads: what was asked for a moment ago, of whichever branch, may be
   * the answer, so that reading costs no more than that.
   */
  default Base look(Optional<String> branch) throws DriverException {
    return open(branch);
  }

  /** One state of the files, to be changed. */
  interface Base {
    Revision revision();

    PolicyFiles files();

    PolicyFeed.Provenance provenance();

    /** True if a change of it takes effect: it is what is followed. */
    boolean followed();

    /**
     * The same with one file changed, which nobody sees yet.
     *
     * @throws DriverException if that can't be prepared, DENIED if there is no right to
     */
    Draft draft(Edit edit) throws DriverException;
  }

  /** A change that is ready to be made. */
  interface Draft {
    Revision revision();

    PolicyFeed.Provenance provenance();

    /**
     * Makes it.
     *
     * @return false if somebody else was faster; nothing was written then, and it starts over from
     *     a new base
     * @throws DriverException REJECTED if the place does not take it and DENIED if there is no
     *     right to: nothing was written; TRANSIENT if the place can't be reached: what became of it
     *     is not known, and making the same change again does no harm
     */
    boolean land() throws DriverException;
  }

  /**
   * A change of one file.
   *
   * @param path relative to the root of the policies
   * @param bytes what stands there from then on; empty removes the file
   * @param author as the history shows it
   * @param message why
   */
  record Edit(String path, Optional<byte[]> bytes, Caller author, String message, Instant at) {}
}
