package io.keepset.drivers.tool;

import io.keepset.spi.Secret;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Takes secrets out of text that came from somewhere else. */
public final class Scrubber {
  public static final Scrubber NONE = new Scrubber(List.of());

  private static final Pattern URI_PASSWORD = Pattern.compile("(://[^:/@\\s]*:)[^@\\s]+(@)");
  private static final Pattern NAMED =
      Pattern.compile("(?i)(password|passwd|secret|token)(\\s*=\\s*)('[^']*'|[^\\s,;]+)");

  private final List<String> values;

  public Scrubber(Collection<Secret> secrets) {
    // The longest first: one secret may be a part of another.
    values =
        secrets.stream()
            .map(Secret::reveal)
            .filter(value -> !value.isBlank())
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();
  }

  public String scrub(String text) {
    String clean = text;
    for (String value : values) {
      clean = clean.replace(value, "***");
    }
    clean = URI_PASSWORD.matcher(clean).replaceAll("$1***$2");
    return NAMED.matcher(clean).replaceAll("$1$2***");
  }
}
