package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who is connected to a server ({@code CLIENT LIST}).
 *
 * @param id by which {@code CLIENT KILL ID} ends it
 * @param name that it gave itself, often empty
 * @param address of its end
 * @param seconds since it connected
 */
record Client(String id, String name, String address, String seconds) {
  static List<Client> of(Connection connection) throws DriverException {
    return connection.ask("CLIENT", "LIST").lines().map(Client::parse).toList();
  }

  static Client parse(String line) {
    return new Client(
        field(line, "id"), field(line, "name"), field(line, "addr"), field(line, "age"));
  }

  private static String field(String line, String name) {
    Matcher field = Pattern.compile("(?:^| )" + name + "=(\\S*)").matcher(line);
    return field.find() ? field.group(1) : "";
  }

  /** A Sentinel calls its connections {@code sentinel-<id>-cmd} and {@code -pubsub}. */
  boolean sentinel() {
    return name.startsWith("sentinel-");
  }
}
