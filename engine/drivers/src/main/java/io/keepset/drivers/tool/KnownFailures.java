package io.keepset.drivers.tool;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a family of tools says when it fails, with cause and fix. Text that nobody knows yet is
 * shown as it is.
 *
 * @param known the first that is found explains a failure, so causes come before consequences
 */
public record KnownFailures(List<Known> known) {
  private static final int LONGEST = 1500;
  private static final int TAIL = 450;

  public KnownFailures {
    known = List.copyOf(known);
  }

  /**
   * One of them.
   *
   * @param pattern looked for in what the tool said on stderr
   * @param kind who has to act
   * @param fix cause and fix; {@code %s} stands for the last group of the pattern that matched
   */
  public record Known(Pattern pattern, Kind kind, String fix) {
    public static Known of(String regex, Kind kind, String fix) {
      return new Known(Pattern.compile(regex), kind, fix);
    }
  }

  /**
   * What this end of a tool means.
   *
   * @param what the tool, and what it worked on
   */
  public DriverException explain(String what, ToolExit exit) {
    String said = shorten(exit.stderr());
    Optional<Known> found = find(exit.stderr());
    if (found.isPresent()) {
      return new DriverException(
          found.get().kind(), what + ": " + found.get().fix() + ". It said: " + said);
    }
    return new DriverException(
        Kind.TRANSIENT,
        what
            + " ended with "
            + exit.code()
            + (said.isEmpty() ? " and said nothing" : ". It said: " + said));
  }

  /** What explains this text, with the fix as it reads here. */
  public Optional<Known> find(String said) {
    for (Known each : known) {
      Matcher matcher = each.pattern().matcher(said);
      if (matcher.find()) {
        return Optional.of(new Known(each.pattern(), each.kind(), fix(each, matcher)));
      }
    }
    return Optional.empty();
  }

  private static String fix(Known known, Matcher matcher) {
    String thing = "";
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        thing = matcher.group(group);
      }
    }
    return known.fix().replace("%s", thing);
  }

  /** One line, not longer than a screen. */
  public static String shorten(String stderr) {
    String line = stderr.strip().replaceAll("\\s*\\n\\s*", " | ");
    return line.length() <= LONGEST
        ? line
        : line.substring(0, LONGEST - TAIL) + " […] " + line.substring(line.length() - TAIL);
  }
}
