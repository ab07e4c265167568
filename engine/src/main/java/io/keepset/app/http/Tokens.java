package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.app.security.TokenSecret;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who may call: tokens by their hash, compared in constant time. */
public final class Tokens {
  /** The name of the secret in the data directory, by which commands on this machine come in. */
  public static final String COMMAND = "command";

  private volatile List<Accepted> accepted;
  private final Clock clock;

  /**
   * A token that lets in.
   *
   * @param name as the audit names who has it
   * @param hash in hex
   * @param role what its owner may do
   * @param until from this moment on it does not; empty if it always does
   * @param person whose it is, see {@link io.keepset.access.Caller}
   */
  public record Accepted(
      String name, String hash, Role role, Optional<Instant> until, Optional<String> person) {
    /** A machine's. */
    public Accepted(String name, String hash, Role role, Optional<Instant> until) {
      this(name, hash, role, until, Optional.empty());
    }
  }

  public Tokens(List<Accepted> accepted, Clock clock) {
    this.accepted = List.copyOf(accepted);
    this.clock = clock;
  }

  /** From now on these let in, and no others. */
  public void accept(List<Accepted> now) {
    accepted = List.copyOf(now);
  }

  /** Whose token this is, if it lets in. */
  Optional<Accepted> owner(String token) {
    byte[] given = TokenSecret.sha256(token);
    Instant now = clock.instant();
    Optional<Accepted> found = Optional.empty();
    for (Accepted one : accepted) {
      boolean same = TokenSecret.matches(given, one.hash());
      if (same && one.until().map(now::isBefore).orElse(true)) {
        found = Optional.of(one);
      }
    }
    return found;
  }
}
