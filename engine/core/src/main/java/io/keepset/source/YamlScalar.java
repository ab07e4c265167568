package io.keepset.source;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What unquoted text in YAML means: the core schema of YAML 1.2, more careful where careless
 * reading costs a backup. {@code yes}, {@code no}, {@code on}, {@code off} are text; so are dates,
 * times like {@code 22:30}, numbers with underscores, and digits with a leading zero, which one
 * reader takes for octal, the next for decimal and an author for an account number. {@code .inf}
 * and {@code .nan} are mistakes.
 *
 * @param value null, text, true or false, or a number
 * @param mistake why there is no value
 */
record YamlScalar(@Nullable Object value, @Nullable String mistake) {

  static YamlScalar of(String plain) {
    return switch (plain) {
      case "", "~", "null", "Null", "NULL" -> new YamlScalar(null, null);
      case "true", "True", "TRUE" -> new YamlScalar(true, null);
      case "false", "False", "FALSE" -> new YamlScalar(false, null);
      default -> numberOrText(plain);
    };
  }

  private static YamlScalar numberOrText(String plain) {
    char first = plain.charAt(0);
    if (!isDigit(first) && first != '-' && first != '+' && first != '.') {
      return new YamlScalar(plain, null);
    }
    String unsigned = first == '-' || first == '+' ? plain.substring(1) : plain;
    if (unsigned.equalsIgnoreCase(".inf") || unsigned.equalsIgnoreCase(".nan")) {
      return new YamlScalar(null, "infinity and not-a-number are no values of any setting");
    }
    if (plain.startsWith("0x") && isAll(plain, 2, "0123456789abcdefABCDEF")) {
      return whole(plain.substring(2), 16);
    }
    if (plain.startsWith("0o") && isAll(plain, 2, "01234567")) {
      return whole(plain.substring(2), 8);
    }
    return isDecimal(unsigned) ? number(plain) : new YamlScalar(plain, null);
  }

  private static YamlScalar whole(String digits, int radix) {
    return digits.length() > Numbers.DIGITS
        ? tooLong()
        : number(new BigInteger(digits, radix).toString());
  }

  private static YamlScalar number(String literal) {
    Object value = Numbers.parse(literal);
    return value == null ? tooLong() : new YamlScalar(value, null);
  }

  private static YamlScalar tooLong() {
    return new YamlScalar(
        null, "the number has more than " + Numbers.DIGITS + " digits when written out");
  }

  /** {@code 30}, {@code 1.5}, {@code .5}, {@code 1e3}, {@code 1.5e-3}; no leading zero. */
  private static boolean isDecimal(String s) {
    int whole = digits(s, 0);
    int i = whole;
    if (whole > 1 && s.charAt(0) == '0') {
      return false;
    }
    int fraction = 0;
    if (i < s.length() && s.charAt(i) == '.') {
      fraction = digits(s, i + 1);
      i += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (i < s.length() && (s.charAt(i) == 'e' || s.charAt(i) == 'E')) {
      i++;
      if (i < s.length() && (s.charAt(i) == '-' || s.charAt(i) == '+')) {
        i++;
      }
      int exponent = digits(s, i);
      i += exponent;
      if (exponent == 0) {
        return false;
      }
    }
    return i == s.length();
  }

  private static int digits(String s, int from) {
    int i = from;
    while (i < s.length() && isDigit(s.charAt(i))) {
      i++;
    }
    return i - from;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAll(String s, int from, String allowed) {
    for (int i = from; i < s.length(); i++) {
      if (allowed.indexOf(s.charAt(i)) < 0) {
        return false;
      }
    }
    return s.length() > from;
  }
}
