package io.keepset.drivers.engine.redis;

import java.io.IOException;

/** The bytes are no RDB file, or a damaged one; the message says where and why. */
final class MalformedRdb extends IOException {
  MalformedRdb(String message) {
    super(message);
  }
}
