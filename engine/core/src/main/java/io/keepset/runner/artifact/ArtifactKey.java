package io.keepset.runner.artifact;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingKey;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters.HashType;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key that seals artifacts: 32 bytes. Prints as its id, which is safe to show and to store.
 *
 * <p>Objects are sealed as Tink's streaming AEAD does it under the name {@code
 * AES256_GCM_HKDF_4KB}: a key of their own for every object, segments of 4 KiB, each authenticated
 * in its place, the last one marked. So a change, a cut, a swap of segments is noticed.
 */
public final class ArtifactKey {
  static final int BYTES = 32;
  // Larger segments are ten times slower in a young process: the JDK's AES-GCM only becomes fast
  // after some thousand calls, and the calls are counted by segment.
  private static final int SEGMENT = 4 << 10;

  private final byte[] secret;
  private final String id;

  ArtifactKey(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + secret.length);
    }
    this.secret = secret.clone();
    // Domain-separated, so that the id says nothing about any other use of the same bytes.
    byte[] digest = Sums.sha256("keepset artifact key".getBytes(StandardCharsets.UTF_8), secret);
    this.id = HexFormat.of().formatHex(digest, 0, 8);
  }

  /** A new key from a good source of randomness. */
  public static ArtifactKey generate(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return new ArtifactKey(secret);
  }

  /** Sixteen hex digits that name the key without giving it away. */
  public String id() {
    return id;
  }

  /** The key itself in base64, for the file that keeps it. */
  public String reveal() {
    return Base64.getEncoder().encodeToString(secret);
  }

  /** The key at work. Loads much code at its first call: better not on a busy thread. */
  @AccessesPartialKey
  StreamingAead aead() {
    try {
      AesGcmHkdfStreamingParameters parameters =
          AesGcmHkdfStreamingParameters.builder()
              .setKeySizeBytes(BYTES)
              .setDerivedAesGcmKeySizeBytes(BYTES)
              .setHkdfHashType(HashType.SHA256)
              .setCiphertextSegmentSizeBytes(SEGMENT)
              .build();
      return AesGcmHkdfStreaming.create(
          AesGcmHkdfStreamingKey.create(
              parameters, SecretBytes.copyFrom(secret, InsecureSecretKeyAccess.get())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't do AES-GCM", e);
    }
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
