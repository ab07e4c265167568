package io.keepset.app.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret of a token, and what is kept of it: its SHA-256. It is long and random, so a plain
 * hash is enough to keep a reader of the state database from using it.
 */
public final class TokenSecret {
  /** One that somebody chooses must not be guessable. */
  public static final int SHORTEST = 16;

  private static final int BYTES = 32;

  private TokenSecret() {}

  /** A new one, of 256 bits; begins with {@code ks_}, so that scanners for secrets know it. */
  public static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return "ks_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** In hexadecimal. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /** True if the secret has this hash; takes as long for any other. */
  public static boolean matches(byte[] sha256, String hash) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(hash), sha256);
  }

  public static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
