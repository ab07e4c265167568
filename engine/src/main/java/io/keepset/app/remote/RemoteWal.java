package io.keepset.app.remote;

import io.keepset.app.StoreReportCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.wal.WalTarget;
import io.keepset.wal.WalOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Logs of databases, on a server. */
public final class RemoteWal implements WalOperations {
  private final RemoteServer server;

  public RemoteWal(RemoteServer server) {
    this.server = server;
  }

  private static String path(String database, String name) {
    return "databases/" + database + "/wal/" + name;
  }

  @Override
  public void push(String database, String name, InputStream file) throws DriverException {
    server.putBytes(path(database, name), file);
  }

  @Override
  public void fetch(String database, Optional<String> systemId, String name, OutputStream to)
      throws DriverException {
    Map<String, String> query = new TreeMap<>();
    systemId.ifPresent(id -> query.put("system", id));
    try (InputStream in = server.open(path(database, name) + ServerAddress.query(query))) {
      in.transferTo(to);
      to.flush();
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "fetching " + name + " broke off: " + e.getMessage(), e);
    }
  }

  @Override
  public RestoreReport restore(
      String database, WalTarget target, Path directory, Delivery delivery, Progress progress)
      throws DriverException {
    MapNode report =
        server.call(
            "databases/" + database + "/restore",
            new MapBuilder()
                .put(target.setting().replace("recovery_target_", "to_"), target.value())
                .put("directory", directory.toString())
                .put("wal", delivery.name().toLowerCase(Locale.ROOT))
                .build(),
            progress);
    return new RestoreReport(
        report.text("target").orElse(""), StoreReportCodec.texts(report, "notes"));
  }
}
