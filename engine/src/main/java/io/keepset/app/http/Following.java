package io.keepset.app.http;

import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.Optional;

/** What the API asks of whoever follows the policies. Safe for several threads. */
public interface Following {
  Node status() throws DriverException;

  /**
   * The plan of the newest revision against what is live now.
   *
   * @throws DriverException REJECTED if the newest revision can't be planned
   */
  Node plan() throws DriverException;

  /** One database's entry in it. */
  Optional<Node> plan(String database) throws DriverException;

  /** Look now; returns before it is done. */
  void refresh();
}
