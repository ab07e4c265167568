package io.keepset.app.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Who may call: tokens by their SHA-256, compared in constant time. A token is long and random, so
 * a plain hash is enough to keep a reader of the state database from using it.
 */
public final class Tokens {
  /** A token that somebody chooses must not be guessable. */
  public static final int SHORTEST = 16;

  private final List<byte[]> hashes;

  /**
   * @param hashes of all tokens that are accepted, in hex
   */
  public Tokens(List<String> hashes) {
    this.hashes = hashes.stream().map(HexFormat.of()::parseHex).toList();
  }

  public static String generate() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return "ks_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String hash(String token) {
    return HexFormat.of().formatHex(sha256(token));
  }

  boolean accepts(String token) {
    byte[] given = sha256(token);
    boolean found = false;
    for (byte[] hash : hashes) {
      found |= MessageDigest.isEqual(hash, given);
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
