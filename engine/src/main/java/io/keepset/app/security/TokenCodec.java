package io.keepset.app.security;

import io.keepset.app.security.TokenOperations.Known;
import io.keepset.app.security.TokenOperations.Made;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Instant;

/** Tokens as trees and back. */
public final class TokenCodec {
  private TokenCodec() {}

  public static MapNode encode(Known token) {
    return builder(token).build();
  }

  /** With the secret, for whoever asked for it and nobody else. */
  public static MapNode encode(Made made) {
    return builder(made.token()).put("secret", made.secret()).build();
  }

  private static MapBuilder builder(Known token) {
    return new MapBuilder()
        .put("name", token.name())
        .put("role", token.role())
        .put("created", token.created())
        .putTime("expires", token.until())
        .putText("person", token.person());
  }

  /**
   * @throws IllegalArgumentException if the tree holds anything else
   */
  public static Known decode(MapNode map) {
    return new Known(
        text(map, "name"),
        text(map, "role"),
        Instant.parse(text(map, "created")),
        map.text("expires").map(Instant::parse),
        map.text("person"));
  }

  /** The same for one that was just made. */
  public static Made decodeMade(MapNode map) {
    return new Made(decode(map), text(map, "secret"));
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> new IllegalArgumentException("a token without " + key));
  }
}
