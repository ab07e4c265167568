package io.keepset.spi;

import java.util.Optional;

/**
 * Where a restore goes.
 *
 * @param mode NEW makes something that does not exist; OVER replaces what is there
 * @param newName name of the new database or path; empty lets the engine choose one from the id
 */
public record RestoreRequest(Mode mode, Optional<String> newName) {
  /** How a restore treats what is there. */
  public enum Mode {
    NEW,
    OVER
  }
}
