package io.keepset.spi;

import java.util.List;

/**
 * What a restore did.
 *
 * @param target what was restored into, as the engine's users call it
 * @param notes worth telling, in order
 */
public record RestoreReport(String target, List<String> notes) {
  public RestoreReport {
    notes = List.copyOf(notes);
  }
}
