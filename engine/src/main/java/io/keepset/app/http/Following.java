package io.keepset.app.http;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.List;
import java.util.Optional;

/** What the API asks of whoever follows the policies. Safe for several threads. */
public interface Following {
  Node status() throws DriverException;

  /** The plan of the newest revision against what is live now. */
  Planned plan() throws DriverException;

  /** One database's entry in it. */
  Planned plan(String database) throws DriverException;

  /**
   * Sends a test message to receivers and waits for them.
   *
   * @param receiver empty means all
   * @return all of them, each with its name and, if it did not take it, the error
   * @throws DriverException NOT_FOUND if there is none of this name
   */
  Node testNotifications(Optional<String> receiver) throws DriverException;

  /** Look now; returns before it is done. */
  void refresh();

  /**
   * What came of planning.
   *
   * @param plan empty if there is none
   * @param diagnostics why there is none, or what else is to be said
   */
  record Planned(Optional<Node> plan, List<Diagnostic> diagnostics) {}
}
