package io.keepset.app.serve;

import io.keepset.app.security.TokenSecret;
import io.keepset.app.state.Tokens.Token;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Instant;
import java.util.Optional;

/** The admin's token: made or taken at the first start, kept, replaced when that is asked for. */
final class Admission {
  private static final String ADMIN = "admin";

  private Admission() {}

  /** Afterwards the state has tokens, the admin's among them unless somebody took it away. */
  static void admit(io.keepset.app.state.Tokens known, ServiceSettings settings, Instant now)
      throws DriverException {
    Optional<String> given = settings.token();
    if (settings.replaceToken()) {
      requireLong(given);
      known.remove(ADMIN);
      add(known, settings, now);
    } else if (known.list().isEmpty()) {
      requireLong(given);
      add(known, settings, now);
    } else if (given.isPresent() && known.find(TokenSecret.hash(given.get())).isEmpty()) {
      settings
          .note()
          .accept(
              "KEEPSET_TOKEN is not a token of this server and is ignored: the state has an admin"
                  + " token from an earlier start; to replace that one, start once with"
                  + " --new-token");
    }
  }

  private static void requireLong(Optional<String> given) throws DriverException {
    if (given.isPresent() && given.get().length() < TokenSecret.SHORTEST) {
      throw new DriverException(
          Kind.REJECTED,
          "KEEPSET_TOKEN must have at least "
              + TokenSecret.SHORTEST
              + " characters: make one with"
              + " openssl rand -hex 32");
    }
  }

  private static void add(
      io.keepset.app.state.Tokens known, ServiceSettings settings, Instant now) {
    String token = settings.token().orElseGet(TokenSecret::generate);
    boolean added =
        known.add(new Token(ADMIN, TokenSecret.hash(token), ADMIN, now, Optional.empty()));
    // On a shared state another node may have been faster; then its token is the one.
    if (added && settings.token().isEmpty()) {
      settings.newToken().accept(token);
    }
  }
}
