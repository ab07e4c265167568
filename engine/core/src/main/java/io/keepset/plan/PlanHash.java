package io.keepset.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash of a plan's decisions: which field of which database goes from what to what. Neither
 * revision, mode, grades, places nor impact take part, so the same decisions have the same hash on
 * another day, on another machine and for another commit.
 */
final class PlanHash {
  private final MessageDigest digest;

  private PlanHash(MessageDigest digest) {
    this.digest = digest;
  }

  static String of(Plan plan) {
    PlanHash hash = new PlanHash(sha256());
    hash.text("keepset plan 1");
    for (Change change : plan.changes()) {
      if (change.action().writes()) {
        hash.change(change);
      }
    }
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void change(Change change) {
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
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(int value) {
    digest.update((byte) (value >>> 24));
    digest.update((byte) (value >>> 16));
    digest.update((byte) (value >>> 8));
    digest.update((byte) value);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
