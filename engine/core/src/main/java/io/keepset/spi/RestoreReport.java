package io.keepset.spi;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a restore did.
 *
 * @param target what was restored into, as the engine's users call it
 * @param notes worth telling, in order
 * @param connection how to reach something new, where that differs from the connection of the
 *     database that was backed up: {@code database -> orders_check}; empty if nothing new was made
 */
public record RestoreReport(
    String target, List<String> notes, SortedMap<String, String> connection) {
  public RestoreReport {
    notes = List.copyOf(notes);
    connection = Collections.unmodifiableSortedMap(new TreeMap<>(connection));
  }

  /** One that made nothing that could be protected by a block of its own. */
  public RestoreReport(String target, List<String> notes) {
    this(target, notes, new TreeMap<>());
  }

  /** The same, of something new that is reached so. */
  public RestoreReport at(String key, String value) {
    SortedMap<String, String> more = new TreeMap<>(connection);
    more.put(key, value);
    return new RestoreReport(target, notes, more);
  }

  /** The same with other notes. */
  public RestoreReport withNotes(List<String> others) {
    return new RestoreReport(target, others, connection);
  }
}
