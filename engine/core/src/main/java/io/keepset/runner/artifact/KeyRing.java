package io.keepset.runner.artifact;

import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a store. The first seals what is written; every one of them opens what was sealed
 * with it before. So a key is changed by putting a new one in front and leaving the old one.
 *
 * <p>As text: one key a line, each the base64 of 32 random bytes ({@code openssl rand -base64 32});
 * empty lines and lines that begin with {@code #} do not count.
 */
public final class KeyRing {
  private final @Nullable ArtifactKey current;
  private final List<ArtifactKey> keys;

  private KeyRing(@Nullable ArtifactKey current, List<ArtifactKey> keys) {
    this.current = current;
    this.keys = List.copyOf(keys);
  }

  /** Seals with this one key. */
  public static KeyRing of(ArtifactKey key) {
    return new KeyRing(key, List.of(key));
  }

  /** Encrypts nothing and opens nothing that is encrypted. */
  public static KeyRing disabled() {
    return new KeyRing(null, List.of());
  }

  /** Encrypts nothing any more, but still opens what these keys sealed. */
  public KeyRing readOnly() {
    return new KeyRing(null, keys);
  }

  /**
   * Reads keys from text.
   *
   * @param whence for messages: {@code file:/etc/keepset/backup.key}
   * @throws DriverException DENIED if there is no key or one of them is malformed; the message does
   *     not quote it
   */
  public static KeyRing parse(String text, String whence) throws DriverException {
    List<ArtifactKey> keys = new ArrayList<>();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys.add(key(line, whence, i + 1));
      }
    }
    if (keys.isEmpty()) {
      throw new DriverException(
          DriverException.Kind.DENIED,
          "there is no encryption key in "
              + whence
              + "; make one with: openssl rand -base64 32 (and keep a copy elsewhere)");
    }
    return new KeyRing(keys.get(0), keys);
  }

  /** The key that seals, or empty if nothing is to be encrypted. */
  public Optional<ArtifactKey> current() {
    return Optional.ofNullable(current);
  }

  /** Whether what was sealed with that key can be opened. */
  public boolean has(String id) {
    return keys.stream().anyMatch(key -> key.id().equals(id));
  }

  /**
   * @param what for the message: the object's key in its store
   * @throws DriverException DENIED if the key is not here; the message names it and those that are
   */
  public ArtifactKey find(String id, String what) throws DriverException {
    for (ArtifactKey key : keys) {
      if (key.id().equals(id)) {
        return key;
      }
    }
    String have =
        keys.isEmpty()
            ? "this store has no key"
            : "this store has "
                + keys.stream().map(ArtifactKey::toString).collect(Collectors.joining(", "));
    throw new DriverException(
        DriverException.Kind.DENIED,
        what
            + " was sealed with key "
            + id
            + ", but "
            + have
            + "; put the old key on a line of its own below the current one");
  }

  private static ArtifactKey key(String line, String whence, int number) throws DriverException {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      // Not chained: its message quotes a character of the key.
      throw malformed(whence, number, "is not base64");
    }
    if (secret.length != ArtifactKey.BYTES) {
      throw malformed(whence, number, "has " + secret.length + " bytes");
    }
    return new ArtifactKey(secret);
  }

  private static DriverException malformed(String whence, int number, String found) {
    return new DriverException(
        DriverException.Kind.DENIED,
        "the encryption key in line "
            + number
            + " of "
            + whence
            + " "
            + found
            + "; a key is the base64 of 32 bytes, as openssl rand -base64 32 prints it");
  }

  @Override
  public String toString() {
    return "KeyRing" + keys;
  }
}
