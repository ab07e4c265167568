package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Our own forms of text, named in schemas by {@code x-format}. */
enum Format {
  DURATION("duration", "a duration such as 7d"),
  SIZE("size", "a size such as 64MiB"),
  CRON("cron", "a cron expression such as 0 2 * * *"),
  TIMEZONE("timezone", "a time zone such as Europe/Berlin"),
  DATE("date", "a day such as 2027-03-31"),
  SECRET("secret", "a reference such as env:DB_PASSWORD"),
  COUNT_OR_FOREVER("count-or-forever", "a whole number from 0, or forever");

  private static final Pattern REFERENCE =
      Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:/\\S(.*\\S)?");
  private static final Pattern LATER = Pattern.compile("(aws-sm|vault):.*");
  private static final int MOST = 100_000;

  private final String word;
  private final String description;

  Format(String word, String description) {
    this.word = word;
    this.description = description;
  }

  static Format of(String word) {
    for (Format format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    throw new IllegalStateException("schema names an unknown format: " + word);
  }

  /** What is wrong with a value of this format that stands under a key. */
  List<Diagnostic> check(String key, Node node) {
    if (this == SECRET) {
      return secret(key, node).stream().toList();
    }
    if (!(node instanceof ScalarNode scalar)) {
      return List.of();
    }
    if (this == COUNT_OR_FOREVER) {
      return countOrForever(key, scalar).stream().toList();
    }
    if (!(scalar.value() instanceof String text)) {
      return List.of(notText(key, scalar));
    }
    return switch (this) {
      case DURATION ->
          Durations.parse(text).isPresent()
              ? List.of()
              : wrong("value.duration", key, text, node.at(), Durations.hint(text));
      case SIZE ->
          Sizes.parse(text).isPresent()
              ? List.of()
              : wrong(
                  "value.size",
                  key,
                  text,
                  node.at(),
                  "write a whole number and a unit: 500kB, 10MB, 64MiB or 2GiB");
      case CRON -> Cron.parse(text, node.at()).diagnostics();
      case TIMEZONE ->
          Zones.parse(text).isPresent()
              ? List.of()
              : wrong("value.timezone", key, text, node.at(), Zones.hint(text));
      case DATE ->
          isDay(text)
              ? List.of()
              : wrong("value.date", key, text, node.at(), "write year-month-day: 2027-03-31");
      case SECRET, COUNT_OR_FOREVER -> throw new IllegalStateException("handled above");
    };
  }

  private List<Diagnostic> wrong(String code, String key, String text, Location at, String hint) {
    return List.of(
        Diagnostic.error(code, key + " must be " + description + ", was " + Quote.text(text), at)
            .withHint(hint));
  }

  private Diagnostic notText(String key, ScalarNode scalar) {
    String hint =
        this == DURATION && scalar.value() instanceof Long
            ? Durations.hint(scalar.text())
            : "put it in quotes";
    String code =
        switch (this) {
          case DURATION -> "value.duration";
          case SIZE -> "value.size";
          case CRON -> "schedule.cron";
          case TIMEZONE -> "value.timezone";
          case DATE -> "value.date";
          case SECRET, COUNT_OR_FOREVER -> throw new IllegalStateException("handled apart");
        };
    return scalar.value() == null
        ? Diagnostic.error("value.missing", key + " has no value", scalar.at())
            .withHint("write " + description + ", or remove the key")
        : Diagnostic.error(
                code, key + " must be " + description + ", was " + scalar.text(), scalar.at())
            .withHint(hint);
  }

  private Optional<Diagnostic> secret(String key, Node node) {
    if (node instanceof ScalarNode scalar && scalar.value() instanceof String text) {
      if (REFERENCE.matcher(text).matches()) {
        return Optional.empty();
      }
      if (LATER.matcher(text).matches()) {
        return Optional.of(
            Diagnostic.error(
                    "secret.source",
                    key + " names a secret store that this version can't read",
                    node.at())
                .withHint("use env:NAME or file:/path"));
      }
    }
    return Optional.of(
        Diagnostic.error(
                "secret.literal",
                key + " must be a reference to a secret, never the secret itself",
                node.at())
            .withHint(
                "use env:NAME or file:/path; a secret that was committed is known and must be"
                    + " changed"));
  }

  private Optional<Diagnostic> countOrForever(String key, ScalarNode scalar) {
    boolean good =
        scalar.value() instanceof Long number
            ? number >= 0 && number <= MOST
            : "forever".equals(scalar.value());
    return good
        ? Optional.empty()
        : Optional.of(
            Diagnostic.error(
                    "value.count",
                    key + " must be " + description + ", was " + Quote.value(scalar),
                    scalar.at())
                .withHint("forever keeps them until somebody deletes them"));
  }

  private static boolean isDay(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
