package io.keepset.app.remote;

import io.keepset.access.Caller;
import io.keepset.app.terraform.state.StateCodec;
import io.keepset.app.terraform.state.StateOperations;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Terraform's states on a server. Who changes them there is known by the token. */
public final class RemoteStates implements StateOperations {
  private static final String STATES = "terraform/states";

  private final RemoteServer server;

  public RemoteStates(RemoteServer server) {
    this.server = server;
  }

  @Override
  public List<Kept> list() throws DriverException {
    return StateCodec.states(server.get(STATES));
  }

  @Override
  public List<Made> history(String name) throws DriverException {
    return StateCodec.versions(server.get(path(name) + "/versions"));
  }

  @Override
  public byte[] content(String name, OptionalLong version) throws DriverException {
    String which = version.isPresent() ? Long.toString(version.getAsLong()) : "newest";
    try (InputStream content = server.open(path(name) + "/versions/" + which)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the connection to the server at " + server.address() + " broke", e);
    }
  }

  @Override
  public Made rollback(String name, long version, Caller by) throws DriverException {
    return StateCodec.version(
        server.ask(path(name) + "/rollback", new MapBuilder().put("version", version).build()));
  }

  @Override
  public void unlock(String name, String lockId, Caller by) throws DriverException {
    server.delete(path(name) + "/lock" + ServerAddress.query(Map.of("id", lockId)));
  }

  private static String path(String name) {
    return STATES + "/" + ServerAddress.segment(name);
  }
}
