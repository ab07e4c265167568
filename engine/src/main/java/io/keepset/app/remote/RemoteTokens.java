package io.keepset.app.remote;

import io.keepset.access.Role;
import io.keepset.app.security.TokenCodec;
import io.keepset.app.security.TokenOperations;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The tokens of a server. Who makes them there is known by the token. */
public final class RemoteTokens implements TokenOperations {
  private final RemoteServer server;

  public RemoteTokens(RemoteServer server) {
    this.server = server;
  }

  @Override
  public List<Known> list() throws DriverException {
    return RemotePlatform.items(server.get("tokens"), "tokens").stream()
        .map(TokenCodec::decode)
        .toList();
  }

  @Override
  public Made add(String name, Role role, Optional<Duration> lasting, String by)
      throws DriverException {
    MapNode wish =
        new MapBuilder()
            .put("name", name)
            .put("role", role.toString())
            .putText("expires", lasting.map(time -> time.toSeconds() + "s"))
            .build();
    return TokenCodec.decodeMade(server.ask("tokens", wish));
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    server.delete("tokens/" + name);
  }
}
