package io.keepset.diagnostic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides in an excerpt what may be a secret: everything behind the place of a {@code secret.*}
 * finding, whichever finding the excerpt is for; and, because a misspelt key is not known to hold
 * one, everything behind a key that sounds like it.
 */
final class SecretMask {
  private static final String HIDDEN = "***";
  private static final Pattern SOUNDS_SECRET =
      // Every repetition is bounded, so that a line of a million letters costs no more than that.
      Pattern.compile(
          "(?i)(?:pas+w?o?r?d|pas+w|pwd|passphrase|secret|token|credential|api_?key|access_?key"
              + "|private_?key)[\\w-]{0,40}[\"']?\\s{0,20}[:=]\\s{0,20}"
              + "(?![\"']?(?:env|file):)(?=\\S)");
  private static final Pattern IN_ADDRESS = Pattern.compile("(://[^/\\s:@]*:)[^/\\s@]+@");

  private final Map<Location, Integer> columns = new HashMap<>();

  SecretMask(List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      Location at = diagnostic.at();
      if (at != null && diagnostic.code().startsWith("secret.")) {
        columns.merge(new Location(at.file(), at.line(), 1), at.column(), Math::min);
      }
    }
  }

  String hide(Location at, String line) {
    String shown = line;
    Integer column = columns.get(new Location(at.file(), at.line(), 1));
    if (column != null && column <= line.codePointCount(0, line.length())) {
      shown = line.substring(0, line.offsetByCodePoints(0, column - 1)) + HIDDEN;
    }
    Matcher matcher = SOUNDS_SECRET.matcher(shown);
    if (matcher.find() && !shown.startsWith(HIDDEN, matcher.end())) {
      shown = shown.substring(0, matcher.end()) + HIDDEN;
    }
    return IN_ADDRESS.matcher(shown).replaceAll("$1" + HIDDEN + "@");
  }
}
