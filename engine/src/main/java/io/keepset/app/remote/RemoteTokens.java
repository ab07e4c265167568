package io.keepset.app.remote;

import io.keepset.app.security.TokenCodec;
import io.keepset.app.security.TokenOperations;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.util.List;

/** The tokens of a server. Who makes them there is known by the token. */
public final class RemoteTokens implements TokenOperations {
  private final RemoteServer server;

  public RemoteTokens(RemoteServer server) {
    this.server = server;
  }

  @Override
  public List<Known> list() throws DriverException {
    return server.get("tokens").maps("tokens").stream().map(TokenCodec::decode).toList();
  }

  @Override
  public Made add(Wish wish, String by) throws DriverException {
    MapNode body =
        new MapBuilder()
            .put("name", wish.name())
            .put("role", wish.role().toString())
            .putText("expires", wish.lasting().map(time -> time.toSeconds() + "s"))
            .putText("person", wish.person())
            .build();
    return TokenCodec.decodeMade(server.ask("tokens", body));
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    server.delete("tokens/" + name);
  }
}
