package io.keepset.drivers.engine.elasticsearch;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Users of Elasticsearch in files beside its settings. The program that writes these takes longer
 * to start than the server.
 */
final class FileRealm {
  /** What turns it on, without certificates, which a node on loopback needs none of. */
  static final String SETTINGS =
      "xpack.security.enabled: true\nxpack.security.autoconfiguration.enabled: false\n";

  private static final int ROUNDS = 1000;
  private static final int SALT = 32;
  private static final int BITS = 256;

  private FileRealm() {}

  /** Of a password, as Elasticsearch writes it ("Hashing settings", {@code pbkdf2}). */
  static String hash(String password) {
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ROUNDS, BITS))
              .getEncoded();
      Base64.Encoder base64 = Base64.getEncoder();
      return "{PBKDF2}"
          + ROUNDS
          + "$"
          + base64.encodeToString(salt)
          + "$"
          + base64.encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
