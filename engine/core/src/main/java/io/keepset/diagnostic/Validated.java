package io.keepset.diagnostic;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value, or why there is none; and in both cases everything worth saying about it.
 *
 * @param value null exactly when nothing usable could be made of the input
 * @param diagnostics in source order
 */
public record Validated<T>(@Nullable T value, List<Diagnostic> diagnostics) {
  public Validated {
    diagnostics = List.copyOf(diagnostics);
  }

  public static <T> Validated<T> of(T value) {
    return new Validated<>(value, List.of());
  }

  public static <T> Validated<T> failed(List<Diagnostic> diagnostics) {
    return new Validated<>(null, diagnostics);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /** The value if there is one and no error was found with it. */
  public Optional<T> valid() {
    return hasErrors() ? Optional.empty() : Optional.ofNullable(value);
  }
}
