package io.keepset.drivers.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of one login by SCRAM-SHA-256 (RFC 7677), for servers that are none. */
public final class ScramServer {
  private static final int ROUNDS = 4096;
  private static final byte[] SALT = "salt of the tests".getBytes(UTF_8);

  private final String firstBare;

  /**
   * @param first message of the client
   */
  public ScramServer(String first) {
    this.firstBare = first.substring("n,,".length());
  }

  public String user() {
    return firstBare.replaceAll("^n=([^,]*),.*$", "$1");
  }

  /** Our first message. */
  public String first() {
    String nonce = firstBare.substring(firstBare.indexOf(",r=") + ",r=".length());
    return "r=" + nonce + "server,s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + ROUNDS;
  }

  /**
   * Our last message; empty if the password is wrong.
   *
   * @param last message of the client
   */
  public Optional<String> last(String last, String password) {
    String withoutProof = last.substring(0, last.lastIndexOf(",p="));
    byte[] proof = Base64.getDecoder().decode(last.substring(last.lastIndexOf(",p=") + 3));
    String message = firstBare + "," + first() + "," + withoutProof;
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, 256))
              .getEncoded();
      byte[] client = hmac(salted, "Client Key");
      byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(client), message);
      for (int i = 0; i < client.length; i++) {
        client[i] ^= signature[i];
      }
      if (!MessageDigest.isEqual(client, proof)) {
        return Optional.empty();
      }
      byte[] server = hmac(hmac(salted, "Server Key"), message);
      return Optional.of("v=" + Base64.getEncoder().encodeToString(server));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}
