package io.keepset.drivers.engine.scylla;

import java.io.IOException;
import java.io.Serial;

/** These bytes are no whole artifact of ours; the message says where. */
final class MalformedSnapshot extends IOException {
  @Serial private static final long serialVersionUID = 1;

  MalformedSnapshot(String message) {
    super(message);
  }
}
