package io.keepset.spi;

import java.util.Optional;

/**
 * Where a restore goes.
 *
 * @param mode NEW makes something that does not exist; OVER replaces what is there
 * @param newName name of the new database or path; empty lets the engine choose one from the id
 * @param orCopy whether a copy may stand in for a backup that can't be read; the report says so
 */
public record RestoreRequest(Mode mode, Optional<String> newName, boolean orCopy) {
  /** From the very backup that was named. */
  public RestoreRequest(Mode mode, Optional<String> newName) {
    this(mode, newName, false);
  }

  /** How a restore treats what is there. */
  public enum Mode {
    NEW,
    OVER
  }
}
