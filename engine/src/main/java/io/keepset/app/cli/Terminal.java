package io.keepset.app.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the three streams are a terminal, and whether it wants colours.
 *
 * <p>Java 17 can't tell the streams apart, so the launcher script looks and passes the answer as
 * the system property {@code keepset.terminal}: a list of the words {@code in}, {@code out}, {@code
 * err}.
 */
public record Terminal(boolean in, boolean out, boolean err, boolean colours) {
  /** No terminal at all: a pipe, a file, a test. */
  public static final Terminal NONE = new Terminal(false, false, false, false);

  public static Terminal detect(@Nullable String property, Map<String, String> environment) {
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    if (property == null) {
      return NONE;
    }
    return new Terminal(
        property.contains("in"), property.contains("out"), property.contains("err"), wanted);
  }
}
