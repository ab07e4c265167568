package io.keepset.app.remote;

import io.keepset.app.SpentCodec;
import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a server knows that guards must know. */
public final class RemoteApprovals {
  private static final String SPENT = "approvals/spent";

  private RemoteApprovals() {}

  /** By digest. */
  public static SortedMap<String, Spent> spent(RemoteServer server) throws DriverException {
    SortedMap<String, Spent> all = new TreeMap<>();
    try {
      SpentCodec.decode(server.get(SPENT)).forEach(spent -> all.put(spent.digest(), spent));
    } catch (IllegalArgumentException e) {
      throw new DriverException(
          Kind.REJECTED,
          "the server at " + server.address() + " answers in other words: " + e.getMessage(),
          e);
    }
    return all;
  }

  /** Empty before its first look. */
  public static Optional<Revision> followed(RemoteServer server) throws DriverException {
    return server.get("status").text("revision").map(id -> new Revision(id, false));
  }
}
