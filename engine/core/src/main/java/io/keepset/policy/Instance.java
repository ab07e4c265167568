package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A server that holds databases: how to reach it, and which of its databases need no protection.
 *
 * @param engine of all of its databases
 * @param connection as of a database, but without the name of one
 * @param options of the engine
 * @param discover whether plans ask it which databases it has
 * @param excluded databases that are in no file on purpose, by their name on the server
 * @param at where its name stands
 */
public record Instance(
    String name,
    String engine,
    Options connection,
    Options options,
    boolean discover,
    SortedMap<String, Exclusion> excluded,
    Location at) {
  public Instance {
    excluded = Collections.unmodifiableSortedMap(new TreeMap<>(excluded));
  }

  /**
   * Why a database needs no protection.
   *
   * @param until the first day on which it is missed again; empty if it never is
   */
  public record Exclusion(String reason, Optional<LocalDate> until) {
    public boolean holdsOn(LocalDate day) {
      return until.isEmpty() || day.isBefore(until.get());
    }
  }
}
