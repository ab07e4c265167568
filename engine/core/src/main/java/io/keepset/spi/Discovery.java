package io.keepset.spi;

import io.keepset.policy.Options;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an engine can say about all databases of one instance. Safe for several threads. */
public interface Discovery {
  /**
   * Every database of an instance, in order of name. Reads only.
   *
   * @param instance its connection names no database
   */
  List<Found> databases(Source instance) throws DriverException;

  /**
   * Where a database is, the same text for the same place. Pure: names are compared as they are
   * written, nobody is asked what they resolve to.
   *
   * @param name of the database, unless the connection says another
   */
  String place(String name, Options connection);

  /**
   * The server as a whole, if this connection is to all of its databases: they are covered then,
   * each and all. Pure.
   */
  default Optional<String> whole(Options connection) {
    return Optional.empty();
  }

  /**
   * One database.
   *
   * @param bytes empty if the login may not ask
   * @param system true if it belongs to the server itself and holds nothing of its users
   */
  record Found(String database, OptionalLong bytes, boolean system) {}
}
