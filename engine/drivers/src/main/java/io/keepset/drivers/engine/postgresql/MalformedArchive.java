package io.keepset.drivers.engine.postgresql;

import java.io.IOException;

/** The bytes are no custom archive, or one that does not hold together. */
final class MalformedArchive extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedArchive(String message) {
    super(message);
  }
}
