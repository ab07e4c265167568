package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.Locale;

/** Mistakes that can be made in every spelling, in the same words. */
final class Mistakes {
  private Mistakes() {}

  static Diagnostic tooMany(Location at, Limits limits) {
    return Diagnostic.error(
            "source.values",
            String.format(
                Locale.ROOT,
                "the text has more than %,d values, which is the most",
                limits.values()),
            at)
        .withHint("split it");
  }

  static Diagnostic tooDeep(Location at, Limits limits) {
    return Diagnostic.error(
            "source.depth",
            "maps and lists are nested more than " + limits.depth() + " levels deep",
            at)
        .withHint("a policy needs fewer than ten levels: look for a bracket that is never closed");
  }

  static Diagnostic number(Location at) {
    return Diagnostic.error(
            "source.number",
            "the number has more than " + Numbers.DIGITS + " digits when written out",
            at)
        .withHint("put it in quotes if it is text");
  }

  static Diagnostic halfPair(Location at) {
    return Diagnostic.error(
            "source.text", "the text holds half of a surrogate pair, which is no character", at)
        .withHint("write the whole character, or both halves of its escape");
  }

  static Diagnostic zero(Location at) {
    return Diagnostic.error("source.text", "the text holds the character U+0000", at)
        .withHint("remove it: no setting can hold it");
  }

  static Diagnostic root(Node found) {
    return Diagnostic.error(
            "source.root",
            "a policy file holds a map at its top, found " + found.kind(),
            found.at())
        .withHint("begin with a kind of block, such as policy or database");
  }
}
