package io.keepset.app.security;

import io.keepset.app.AuditTrail;
import io.keepset.app.state.Tokens;
import io.keepset.app.state.Tokens.Token;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The tokens of a state that is open in this process. */
public final class StoredTokens implements TokenOperations {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  /** Local part and domain; commits written for machines have one below keepset.invalid. */
  private static final Pattern PERSON =
      Pattern.compile(
          "(?i)(?=.{3,254}$)[A-Z0-9.!#$%&'*+/=?^_`{|}~-]+@(?!keepset\\.invalid$)[A-Z0-9.-]*[A-Z0-9]");

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
  public Made add(Wish wish, String by) throws DriverException {
    String name = wish.name();
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new DriverException(
          Kind.REJECTED,
          "a token's name has letters, digits and . _ @ -, at most 64 of them, and is none of "
              + String.join(", ", TAKEN.stream().sorted().toList()));
    }
    if (wish.person().filter(person -> !PERSON.matcher(person).matches()).isPresent()) {
      throw new DriverException(
          Kind.REJECTED,
          "a person is an e-mail address as commits have it, such as ana@example.org, and none of"
              + " keepset.invalid");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String secret = TokenSecret.generate();
    Token token =
        new Token(
            name,
            TokenSecret.hash(secret),
            wish.role().toString(),
            now,
            wish.lasting().map(now::plus),
            wish.person());
    audit.around(
        by,
        "token.add",
        name,
        "role "
            + wish.role()
            + token.expiresAt().map(until -> ", until " + until).orElse("")
            + wish.person().map(person -> ", of " + person).orElse(""),
        () -> {
          if (!tokens.add(token)) {
            throw new DriverException(
                Kind.REJECTED, "there is a token " + name + " already: remove it first");
          }
          changed.run();
          return token;
        });
    return new Made(known(token), secret);
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    if (list().stream().noneMatch(token -> token.name().equals(name))) {
      throw new DriverException(Kind.NOT_FOUND, "there is no token " + name);
    }
    audit.around(
        by,
        "token.remove",
        name,
        "no longer good",
        () -> {
          tokens.remove(name);
          changed.run();
          return name;
        });
  }

  private static Known known(Token token) {
    return new Known(
        token.name(), token.role(), token.createdAt(), token.expiresAt(), token.person());
  }
}
