package io.keepset.drivers.engine.mongodb;

import java.io.IOException;
import java.io.Serial;

/** These bytes are no whole mongodump archive; the message says where. */
final class MalformedArchive extends IOException {
  @Serial private static final long serialVersionUID = 1;

  MalformedArchive(String message) {
    super(message);
  }
}
