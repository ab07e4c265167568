package io.keepset.app.remote;

import io.keepset.app.AuditCodec;
import io.keepset.app.AuditTrail;
import io.keepset.app.state.Audit;
import io.keepset.spi.DriverException;
import java.util.List;

/** What a server wrote down. */
public final class RemoteAudit implements AuditTrail {
  private final RemoteServer server;

  public RemoteAudit(RemoteServer server) {
    this.server = server;
  }

  @Override
  public void note(String by, String action, String target, String detail) {}

  @Override
  public List<Audit.Entry> newest(int limit) throws DriverException {
    return server.get("audit?limit=" + limit).maps("entries").stream()
        .map(AuditCodec::decode)
        .toList();
  }
}
