package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names that lead nowhere. */
final class References {
  private static final int LISTED = 8;

  private References() {}

  static Diagnostic unknown(String kind, String name, Location at, Collection<String> declared) {
    SortedSet<String> known = new TreeSet<>(declared);
    if (kind.equals("policy")) {
      known.addAll(BuiltIn.names());
    }
    return Diagnostic.error(
            "reference." + kind, kind + " " + Quote.text(name) + " is not declared", at)
        .withHint(hint(kind, name, known));
  }

  private static String hint(String kind, String name, SortedSet<String> known) {
    return Nearest.to(name, known)
        .map(nearest -> "did you mean " + nearest + "?")
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "declare it: a " + kind + " block can stand in any file"
                    : known.size() <= LISTED
                        ? "declared: " + String.join(", ", known)
                        : "declare it, or use one of the " + known.size() + " that are");
  }
}
