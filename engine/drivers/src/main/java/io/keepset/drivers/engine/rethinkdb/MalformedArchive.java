package io.keepset.drivers.engine.rethinkdb;

import java.io.IOException;
import java.io.Serial;

/** These bytes are no whole archive of a dump; the message says where. */
final class MalformedArchive extends IOException {
  @Serial private static final long serialVersionUID = 1;

  MalformedArchive(String message) {
    super(message);
  }
}
