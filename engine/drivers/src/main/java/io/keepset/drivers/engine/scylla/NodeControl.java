package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import java.nio.file.Path;

/** What we ask of one node beside CQL. Close it. */
interface NodeControl extends AutoCloseable {
  static NodeControl open(Place place, Place.Node node) throws DriverException {
    return place.rest() ? new RestControl(place, node) : JmxControl.open(place, node);
  }

  /** Flushes a keyspace and links its files under a name. */
  void snapshot(String tag, String keyspace) throws DriverException;

  /** Lets go of a snapshot; one that is not there is no failure. */
  void clear(String tag, String keyspace) throws DriverException;

  /**
   * Where files of a table must lie to be taken in.
   *
   * @param staged where they lie now
   * @param directory name of the table's own
   */
  Path incoming(Path staged, String keyspace, String directory);

  /**
   * Takes in the files of a table; they are gone from where they were.
   *
   * @param incoming as {@link #incoming} said
   */
  void load(String keyspace, String table, Path incoming) throws DriverException;

  @Override
  void close();
}
