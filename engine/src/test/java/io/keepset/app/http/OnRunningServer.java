package io.keepset.app.http;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One server for all tests of a class. */
abstract class OnRunningServer {
  static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }
}
