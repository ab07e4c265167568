package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A single value.
 *
 * @param value {@code null}, {@link String}, {@link Boolean}, {@link Long} or {@link BigDecimal};
 *     nothing else; a decimal that is a whole number is kept as {@link Long}, so that equal numbers
 *     are equal however they were written
 * @param reference in HCL, the kind of block that {@code policy.gold} refers to ({@code policy};
 *     the value is then {@code gold}); null for literals and in the other spellings
 */
public record ScalarNode(Location at, @Nullable Object value, @Nullable String reference)
    implements Node {
  public ScalarNode {
    if (!(value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof BigDecimal)) {
      throw new IllegalArgumentException("not a scalar: " + value.getClass());
    }
    value = value instanceof BigDecimal decimal ? Numbers.normal(decimal) : value;
  }

  public ScalarNode(Location at, @Nullable Object value) {
    this(at, value, null);
  }

  /** The value as people wrote it: {@code null}, {@code true}, {@code 30}, {@code text}. */
  public String text() {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(value);
  }

  @Override
  public String kind() {
    if (value == null) {
      return "null";
    }
    return value instanceof String
        ? "text"
        : value instanceof Boolean ? "true or false" : "a number";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScalarNode that && Objects.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }
}
