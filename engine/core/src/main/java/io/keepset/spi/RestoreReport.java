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
 * @param options the same of the engine's options: {@code indices[0] -> *_check}
 */
public record RestoreReport(
    String target,
    List<String> notes,
    SortedMap<String, String> connection,
    SortedMap<String, String> options) {
  public RestoreReport {
    notes = List.copyOf(notes);
    connection = Collections.unmodifiableSortedMap(new TreeMap<>(connection));
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** One that made nothing that could be protected by a block of its own. */
  public RestoreReport(String target, List<String> notes) {
    this(target, notes, new TreeMap<>(), new TreeMap<>());
  }

  /** The same, of something new that is reached so. */
  public RestoreReport at(String key, String value) {
    SortedMap<String, String> more = new TreeMap<>(connection);
    more.put(key, value);
    return new RestoreReport(target, notes, more, options);
  }

  /** The same, of something new at this server. */
  public RestoreReport at(String host, int port) {
    return at("host", host).at("port", String.valueOf(port));
  }

  /** The same, of something new that needs this option. */
  public RestoreReport with(String option, String value) {
    SortedMap<String, String> more = new TreeMap<>(options);
    more.put(option, value);
    return new RestoreReport(target, notes, connection, more);
  }

  /** Was something new made that could be protected by a block of its own? */
  public boolean isNew() {
    return !connection.isEmpty() || !options.isEmpty();
  }

  /** The same with other notes. */
  public RestoreReport withNotes(List<String> others) {
    return new RestoreReport(target, others, connection, options);
  }
}
