package io.keepset.diagnostic;

/** How bad a {@link Diagnostic} is. Only {@link #ERROR} makes a command fail. */
public enum Severity {
  ERROR,
  WARNING,
  NOTE;

  /** The word as printed and as it stands in machine output: {@code error}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
