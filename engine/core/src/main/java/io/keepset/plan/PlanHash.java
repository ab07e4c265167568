package io.keepset.plan;

import io.keepset.policy.Many;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The hash of a plan's decisions: which field of which database goes from what to what. Neither
 * revision, mode, grades, places nor impact take part, so the same decisions have the same hash on
 * another day, on another machine and for another commit.
 *
 * <p>It is the SHA-256 of the SHA-256 of each change, in their order, so that the changes of a
 * large plan can be hashed on all cores.
 */
final class PlanHash {
  private static final byte[] HEADER = "keepset plan 2".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[512];
  private int length;

  private PlanHash() {}

  static String of(Plan plan) {
    List<Change> writing = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change.action().writes()) {
        writing.add(change);
      }
    }
    MessageDigest whole = sha256();
    whole.update(HEADER);
    Many.stream(writing).map(PlanHash::of).toList().forEach(whole::update);
    return HexFormat.of().formatHex(whole.digest());
  }

  private static byte[] of(Change change) {
    PlanHash hash = new PlanHash();
    hash.add(change);
    MessageDigest digest = sha256();
    digest.update(hash.bytes, 0, hash.length);
    return digest.digest();
  }

  private void add(Change change) {
    text(change.action().word());
    text(change.target().platform());
    text(change.target().name());
    number(change.fields().size());
    for (FieldChange field : change.fields()) {
      text(field.path());
      optional(field.before());
      optional(field.after());
    }
  }

  private void optional(Optional<String> value) {
    if (value.isPresent()) {
      text(value.get());
    } else {
      number(-1);
    }
  }

  /** Length first, so that no two lists of texts run together into the same bytes. */
  private void text(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
  }

  private void number(int value) {
    reserve(4);
    bytes[length++] = (byte) (value >>> 24);
    bytes[length++] = (byte) (value >>> 16);
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
