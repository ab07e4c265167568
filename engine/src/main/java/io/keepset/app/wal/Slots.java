package io.keepset.app.wal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names of the replication slots that servers keep log for us by. PostgreSQL takes 63 of {@code
 * a-z0-9_}; a database whose name has to be changed for that gets a hash, so that {@code a-b} and
 * {@code a_b} of one server don't share a slot.
 */
final class Slots {
  private static final String PREFIX = "keepset_";
  private static final int LONGEST = 50;
  private static final int LONGEST_WITH_HASH = 45;
  private static final int HASH_BYTES = 4;

  private Slots() {}

  static String name(String database) {
    String plain = plain(database);
    return plain.equals(database) && plain.length() <= LONGEST
        ? PREFIX + plain
        : PREFIX + cut(plain, LONGEST_WITH_HASH) + "_" + hash(database);
  }

  /**
   * What the slot was called before names had hashes; the server may still have it.
   *
   * @param others databases that have slots too; one that could be meant as well forbids the guess
   */
  static Optional<String> former(String database, Collection<String> others) {
    String former = formerly(database);
    boolean meant =
        others.stream()
            .filter(other -> !other.equals(database))
            .noneMatch(other -> formerly(other).equals(former));
    return former.equals(name(database)) || !meant ? Optional.empty() : Optional.of(former);
  }

  private static String formerly(String database) {
    return PREFIX + cut(plain(database), LONGEST);
  }

  private static String plain(String database) {
    return database.replaceAll("[^a-z0-9_]", "_");
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) : text;
  }

  private static String hash(String database) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(database.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
