package io.keepset.drivers.engine.elasticsearch;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How a server of the lab knows who asks: {@code lab}, who may do all, {@code nobody}, who may
 * nothing, and whoever is added. All have the lab's password.
 */
interface LabLogins {
  /** Before the server starts: writes its files, and says what its settings need to say. */
  List<String> configure() throws IOException, InterruptedException;

  /** What every connection needs beside user and password. */
  Map<String, String> connection();

  /** Makes {@code lab} and {@code nobody} in a server that runs, if it has them not from files. */
  void make(ElasticLab server);

  /** Makes the roles and logins by the statements of the page. */
  void makeThoseOfThePage(ElasticLab server) throws IOException, InterruptedException;
}
