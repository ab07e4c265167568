package io.keepset.terraform.state;

import io.keepset.access.Caller;
import io.keepset.spi.DriverException;
import java.util.Optional;

/**
 * Where Terraform's states are kept. What it says to be done is done for good, and every call may
 * be repeated: its answer may have been lost. Safe for several threads and, on a state that several
 * nodes share, for several processes.
 */
public interface States {
  /**
   * The newest content, byte by byte as it was written; empty if there is none, or it was deleted.
   *
   * @throws DriverException DENIED if it can't be opened, as its key is missing; DAMAGED if it is
   *     not what was written
   */
  Optional<byte[]> read(String name) throws DriverException;

  /**
   * Makes this the newest content, keeps the one before. The same content again changes nothing.
   *
   * @param lockId under which it is written; empty for a run without a lock
   */
  Outcome write(String name, byte[] content, Optional<String> lockId, Caller by)
      throws DriverException;

  /** Leaves the state without content; the former ones are kept. */
  Outcome delete(String name, Optional<String> lockId, Caller by) throws DriverException;

  /**
   * Takes the lock; whoever has it already, by its ID, gets it again.
   *
   * @throws DriverException DENIED if what is written under it could not be kept
   */
  Outcome lock(String name, StateLock lock, Caller by) throws DriverException;

  /**
   * Gives the lock back. Where nobody holds it there is nothing to do.
   *
   * @param lockId empty to break whatever lock there is
   * @param force it is not the holder who asks, but somebody who breaks the lock
   */
  Outcome unlock(String name, Optional<String> lockId, boolean force, Caller by)
      throws DriverException;

  /** How many bytes the newest content has; 0 if there is none. */
  long size(String name) throws DriverException;

  /** How large a content may be, in bytes. */
  long largest();
}
