package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.UUID;

/**
 * One restore at a time into one server, whoever runs it: a name that the connection of a restore
 * bears. The server forgets it with the connection, so a restore that was killed locks out nobody.
 * Two that begin in the same moment may see each other and both be refused.
 */
final class RestoreLock {
  private static final String NAME = "keepset-restore-";

  private RestoreLock() {}

  /** Held until the connection is closed. */
  static void take(Connection target) throws DriverException {
    String own = NAME + UUID.randomUUID();
    target.ask("CLIENT", "SETNAME", own);
    requireFree(target, own);
  }

  static void requireFree(Connection target) throws DriverException {
    requireFree(target, "");
  }

  private static void requireFree(Connection target, String own) throws DriverException {
    for (Client client : Client.of(target)) {
      if (client.name().startsWith(NAME) && !client.name().equals(own)) {
        throw new DriverException(
            Kind.REJECTED,
            "another restore into "
                + target.address().where()
                + " is under way, from "
                + client.address()
                + " since "
                + client.seconds()
                + " s; wait until it has ended. If its machine is gone: CLIENT KILL ID "
                + client.id());
      }
    }
  }
}
