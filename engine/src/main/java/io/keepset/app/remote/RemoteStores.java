package io.keepset.app.remote;

import io.keepset.app.StoreReportCodec;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.util.List;

/** The stores of a server. */
public final class RemoteStores implements StoreOperations {
  private final RemoteServer server;

  public RemoteStores(RemoteServer server) {
    this.server = server;
  }

  @Override
  public List<String> names() throws DriverException {
    return StoreReportCodec.texts(server.get("stores"), "stores");
  }

  @Override
  public Report check(String store, boolean readData, Progress progress) throws DriverException {
    return StoreReportCodec.decode(
        server.call("stores/" + store + "/check?read_data=" + readData, null, progress));
  }

  @Override
  public Report rescan(String store, Progress progress) throws DriverException {
    return StoreReportCodec.decode(server.call("stores/" + store + "/rescan", null, progress));
  }
}
