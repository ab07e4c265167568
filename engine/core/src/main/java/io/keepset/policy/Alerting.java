package io.keepset.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who hears of problems, and what is told that all is well.
 *
 * @param receivers by name
 */
public record Alerting(SortedMap<String, Receiver> receivers, Optional<Heartbeat> heartbeat) {
  public static final Alerting NONE = new Alerting(new TreeMap<>(), Optional.empty());

  public Alerting {
    receivers = Collections.unmodifiableSortedMap(new TreeMap<>(receivers));
  }

  /**
   * A dead man's switch: an address that is called while all is well.
   *
   * @param url reference to the address
   * @param fail reference to an address that is called instead while something is broken
   */
  public record Heartbeat(String url, Optional<String> fail, Duration every) {}
}
