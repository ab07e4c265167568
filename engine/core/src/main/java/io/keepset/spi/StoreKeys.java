package io.keepset.spi;

import java.util.regex.Pattern;

/** Which keys a store takes: the same for every store, so that backups can move between them. */
public final class StoreKeys {
  private static final int LONGEST = 512;
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  private StoreKeys() {}

  /**
   * Letters, digits, {@code . - _} in segments parted by {@code /}; no segment is empty or begins
   * with a dot (so none is {@code ..} and none is hidden).
   *
   * @throws DriverException REJECTED if the key is not of this form
   */
  public static void check(String key) throws DriverException {
    if (!isGood(key)) {
      throw new DriverException(
          DriverException.Kind.REJECTED,
          "not a key that stores take: "
              + key
              + " (letters, digits, '.', '-', '_' in parts divided by '/', none beginning with '.')");
    }
  }

  /** Whether {@link #check} would let it pass. */
  public static boolean isGood(String key) {
    boolean good = key.length() <= LONGEST;
    for (String segment : key.split("/", -1)) {
      good = good && SEGMENT.matcher(segment).matches();
    }
    return good;
  }
}
