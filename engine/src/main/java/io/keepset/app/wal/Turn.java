package io.keepset.app.wal;

import io.keepset.policy.Protection;
import io.keepset.spi.Source;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WriteAheadLog;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What one turn of a {@link WalKeeper} is about.
 *
 * @param slot name of our slot on the server
 * @param there where the server's log stands
 * @param directory of the spool, for this cluster
 */
record Turn(
    Protection protection,
    Source source,
    WriteAheadLog log,
    String slot,
    WalPosition there,
    Path directory,
    Instant now) {
  String database() {
    return protection.name();
  }

  String store() {
    return protection.store().orElseThrow();
  }

  String systemId() {
    return there.systemId();
  }
}
