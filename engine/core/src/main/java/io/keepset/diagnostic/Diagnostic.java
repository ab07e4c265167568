package io.keepset.diagnostic;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, or worth saying, about what somebody wrote or asked for.
 *
 * @param code dotted, general to special ({@code retention.range}); never reused for another
 *     meaning
 * @param message names the thing, what is allowed and what was found; one line, never holds a
 *     secret
 * @param hint what to do about it, in the imperative
 * @param at where, if it is in a file
 * @param pointer JSON pointer (RFC 6901) to the node in the policy tree, for machines
 */
public record Diagnostic(
    Severity severity,
    String code,
    String message,
    @Nullable String hint,
    @Nullable Location at,
    @Nullable String pointer) {

  public static Diagnostic error(String code, String message, @Nullable Location at) {
    return new Diagnostic(Severity.ERROR, code, message, null, at, null);
  }

  public static Diagnostic warning(String code, String message, @Nullable Location at) {
    return new Diagnostic(Severity.WARNING, code, message, null, at, null);
  }

  public static Diagnostic note(String code, String message, @Nullable Location at) {
    return new Diagnostic(Severity.NOTE, code, message, null, at, null);
  }

  public Diagnostic withHint(@Nullable String newHint) {
    return new Diagnostic(severity, code, message, newHint, at, pointer);
  }

  public Diagnostic withPointer(@Nullable String newPointer) {
    return new Diagnostic(severity, code, message, hint, at, newPointer);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
