package io.keepset.drivers;

import io.keepset.drivers.engine.postgresql.PostgresEngine;
import io.keepset.spi.Engine;
import java.util.SortedMap;
import java.util.TreeMap;

/** The list of everything that Keepset can back up, one line for each. */
public final class Drivers {
  private Drivers() {}

  /** Kinds of database, by name. */
  public static SortedMap<String, Engine> engines() {
    SortedMap<String, Engine> engines = new TreeMap<>();
    engines.put("postgresql", new PostgresEngine());
    return engines;
  }
}
