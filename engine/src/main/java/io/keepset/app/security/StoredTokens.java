package io.keepset.app.security;

import io.keepset.access.Role;
import io.keepset.app.AuditTrail;
import io.keepset.app.state.Tokens;
import io.keepset.app.state.Tokens.Token;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The tokens of a state that is open in this process. */
public final class StoredTokens implements TokenOperations {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  /** The audit means others by them. */
  private static final Set<String> TAKEN = Set.of("command", "policies", "schedule", "nobody");

  private final Tokens tokens;
  private final AuditTrail audit;
  private final Clock clock;
  private final Runnable changed;

  /**
   * @param changed told after each change, before the call returns
   */
  public StoredTokens(Tokens tokens, AuditTrail audit, Clock clock, Runnable changed) {
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
    this.changed = changed;
  }

  @Override
  public List<Known> list() {
    return tokens.list().stream().map(StoredTokens::known).toList();
  }

  @Override
  public Made add(String name, Role role, Optional<Duration> lasting, String by)
      throws DriverException {
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new DriverException(
          Kind.REJECTED,
          "a token's name has letters, digits and . _ @ -, at most 64 of them, and is none of "
              + String.join(", ", TAKEN.stream().sorted().toList()));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String secret = TokenSecret.generate();
    Token token =
        new Token(name, TokenSecret.hash(secret), role.toString(), now, lasting.map(now::plus));
    if (!tokens.add(token)) {
      throw new DriverException(
          Kind.REJECTED, "there is a token " + name + " already: remove it first");
    }
    changed.run();
    audit.note(
        by,
        "token.add",
        name,
        "role " + role + token.expiresAt().map(until -> ", until " + until).orElse(""));
    return new Made(known(token), secret);
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    if (list().stream().noneMatch(token -> token.name().equals(name))) {
      throw new DriverException(Kind.NOT_FOUND, "there is no token " + name);
    }
    tokens.remove(name);
    changed.run();
    audit.note(by, "token.remove", name, "no longer good");
  }

  private static Known known(Token token) {
    return new Known(token.name(), token.role(), token.createdAt(), token.expiresAt());
  }
}
