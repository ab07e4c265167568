package io.keepset.app.http;

import io.keepset.access.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Who may call: tokens by their SHA-256, compared in constant time. A token is long and random, so
 * a plain hash is enough to keep a reader of the state database from using it.
 */
public final class Tokens {
  /** The name of the secret in the data directory, by which commands on this machine come in. */
  public static final String COMMAND = "command";

  /** A token that somebody chooses must not be guessable. */
  public static final int SHORTEST = 16;

  private volatile List<Accepted> accepted;
  private final Clock clock;

  /**
   * A token that lets in.
   *
   * @param name as the audit names who has it
   * @param hash in hex
   * @param role what its owner may do
   * @param until from this moment on it does not; empty if it always does
   */
  public record Accepted(String name, String hash, Role role, Optional<Instant> until) {}

  public Tokens(List<Accepted> accepted, Clock clock) {
    this.accepted = List.copyOf(accepted);
    this.clock = clock;
  }

  /** From now on these let in, and no others. */
  public void accept(List<Accepted> now) {
    accepted = List.copyOf(now);
  }

  public static String generate() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return "ks_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String hash(String token) {
    return HexFormat.of().formatHex(sha256(token));
  }

  /** Whose token this is, if it lets in. */
  Optional<Accepted> owner(String token) {
    byte[] given = sha256(token);
    Instant now = clock.instant();
    Optional<Accepted> found = Optional.empty();
    for (Accepted one : accepted) {
      boolean same = MessageDigest.isEqual(HexFormat.of().parseHex(one.hash()), given);
      if (same && one.until().map(now::isBefore).orElse(true)) {
        found = Optional.of(one);
      }
    }
    return found;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
