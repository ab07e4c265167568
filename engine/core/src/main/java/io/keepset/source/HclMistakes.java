package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import org.jspecify.annotations.Nullable;

/** Mistakes in HCL. */
final class HclMistakes {
  private HclMistakes() {}

  static Diagnostic syntax(String message, Location at) {
    return Diagnostic.error("source.hcl.syntax", message, at);
  }

  /** Valid HCL that computes something. */
  static Diagnostic expression(String what, Location at) {
    return Diagnostic.error(
            "source.hcl.expression",
            "this is " + what + ": Keepset takes literal values and references only",
            at)
        .withHint("write the value itself, or refer to a block as in policy.gold");
  }

  static Diagnostic bareWord(String word, Location at) {
    return syntax(Words.quote(word) + " is neither a value nor a reference", at)
        .withHint("put text in quotes; refer to a block by its kind, as in policy." + safe(word));
  }

  /** What a token says that stands where a value must. */
  static Diagnostic noValue(HclToken token, Location at) {
    return syntax("a value is missing here, found " + token.describe(), at)
        .withHint(
            token.is("'")
                ? "HCL knows double quotes only"
                : "a value is text in quotes, a number, true, false, null, [ ], { } or a reference");
  }

  static @Nullable String hintBehindKey(HclToken token, String key) {
    return token.is(":")
        ? "write " + safe(key) + " = value; a colon stands only inside of { } values"
        : "write " + safe(key) + " = value, or " + safe(key) + " \"name\" { } for a block";
  }

  private static String safe(String word) {
    return word.length() <= 30 ? word : "gold";
  }
}
