package io.keepset.watch;

import io.keepset.diagnostic.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that lasts and that somebody has to be told about. Two with the same {@link #key} are
 * the same problem, whatever their words say by then.
 *
 * @param code {@code watch.…}, stable, documented in docs/diagnostics.md
 * @param target a database by its name; anything else by kind and name: {@code store/main}, {@code
 *     hold/case-1234}, {@code server/git}
 * @param severity ERROR: something is broken; WARNING: somebody should look; NOTE: only shown
 * @param message names the thing and what is wrong with it; one line, never holds a secret
 * @param hint what to do about it, in the imperative
 * @param since when it began, if that can be known; otherwise it began when it was first seen
 */
public record Problem(
    String code,
    String target,
    Severity severity,
    String message,
    @Nullable String hint,
    Optional<Instant> since)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::severity)
          .thenComparing(Problem::target)
          .thenComparing(Problem::code)
          .thenComparing(Problem::message);

  public static Problem error(String code, String target, String message) {
    return new Problem(code, target, Severity.ERROR, message, null, Optional.empty());
  }

  public static Problem warning(String code, String target, String message) {
    return new Problem(code, target, Severity.WARNING, message, null, Optional.empty());
  }

  public static Problem note(String code, String target, String message) {
    return new Problem(code, target, Severity.NOTE, message, null, Optional.empty());
  }

  public Problem withHint(@Nullable String newHint) {
    return new Problem(code, target, severity, message, newHint, since);
  }

  public Problem since(Instant began) {
    return new Problem(code, target, severity, message, hint, Optional.of(began));
  }

  /** True if something is broken, not only worth a look. */
  public boolean broken() {
    return severity == Severity.ERROR;
  }

  /** What it is the same as. */
  public Key key() {
    return new Key(code, target);
  }

  /** The worst first, then by target and code. */
  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** One kind of problem of one thing. */
  public record Key(String code, String target) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::target).thenComparing(Key::code);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return target + " " + code;
    }
  }
}
