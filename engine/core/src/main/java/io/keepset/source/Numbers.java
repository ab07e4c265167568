package io.keepset.source;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One form for equal numbers: {@code 30}, {@code 30.0} and {@code 3e1} are the same, a {@link
 * Long}; what is no whole number or does not fit is a {@link BigDecimal} without trailing zeros.
 */
final class Numbers {
  /** Digits, before and after the point together, that a number in a file may have. */
  static final int DIGITS = 100;

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal SMALLEST = BigDecimal.valueOf(Long.MIN_VALUE);

  private Numbers() {}

  static Object normal(BigDecimal number) {
    if (number.signum() == 0) {
      return 0L;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    boolean fits =
        stripped.scale() <= 0
            && (long) stripped.precision() - stripped.scale() <= 19
            && stripped.compareTo(LARGEST) <= 0
            && stripped.compareTo(SMALLEST) >= 0;
    return fits ? stripped.longValueExact() : stripped;
  }

  /** The number that a decimal literal means, or null if it has too many digits to be handled. */
  static @Nullable Object parse(String literal) {
    if (literal.length() > DIGITS + 10) {
      return null;
    }
    BigDecimal number;
    try {
      number = new BigDecimal(literal);
    } catch (NumberFormatException e) {
      return null; // an exponent beyond what even BigDecimal holds
    }
    long digits = Math.max((long) number.precision() - number.scale(), number.scale());
    return digits > DIGITS ? null : normal(number);
  }
}
