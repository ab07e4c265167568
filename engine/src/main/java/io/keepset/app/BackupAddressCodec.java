package io.keepset.app;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.BackupAddress;
import java.net.URI;
import java.time.Instant;

/** The address of a backup as a tree, for machine output and HTTP, and back. */
public final class BackupAddressCodec {
  private BackupAddressCodec() {}

  public static MapNode encode(BackupAddress address) {
    MapBuilder map =
        new MapBuilder()
            .put("url", address.uri().toString())
            .put("object", address.object())
            .put("sealed", address.sealed())
            .put("until", address.until());
    address.caveat().ifPresent(caveat -> map.put("caveat", caveat));
    return map.build();
  }

  public static BackupAddress decode(MapNode map) {
    return new BackupAddress(
        URI.create(map.text("url").orElseThrow()),
        map.text("object").orElseThrow(),
        map.text("sealed").orElse("true").equals("true"),
        Instant.parse(map.text("until").orElseThrow()),
        map.text("caveat"));
  }
}
