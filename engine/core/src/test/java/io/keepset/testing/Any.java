package io.keepset.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/** Values out of a random source, for {@link Laws}. */
public final class Any {
  private Any() {}

  @SafeVarargs
  public static <T> T of(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  public static <T> T of(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Both ends included. */
  public static int between(Random random, int least, int most) {
    return (int) between(random, (long) least, (long) most);
  }

  /** Both ends included. */
  public static long between(Random random, long least, long most) {
    return random.nextLong(least, most + 1);
  }

  /** True in this part of all cases. */
  public static boolean chance(Random random, double part) {
    return random.nextDouble() < part;
  }

  /** Four times of five the usual value. */
  @SafeVarargs
  public static <T> T mostly(Random random, T usual, T... others) {
    return chance(random, 0.8) ? usual : of(random, others);
  }

  /** Present in this part of all cases. */
  public static <T> Optional<T> optional(
      Random random, double present, Function<Random, ? extends T> value) {
    return chance(random, present) ? Optional.of(value.apply(random)) : Optional.empty();
  }

  /** None to so many, often few. */
  public static <T> List<T> list(Random random, int most, Function<Random, ? extends T> value) {
    int size = between(random, 0, chance(random, 0.3) ? Math.min(most, 3) : most);
    List<T> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(value.apply(random));
    }
    return list;
  }

  /** At most so many entries; fewer if keys meet. */
  public static <K extends Comparable<K>, V> TreeMap<K, V> map(
      Random random,
      int most,
      Function<Random, ? extends K> key,
      Function<Random, ? extends V> value) {
    TreeMap<K, V> map = new TreeMap<>();
    int size = between(random, 0, most);
    for (int i = 0; i < size; i++) {
      map.put(key.apply(random), value.apply(random));
    }
    return map;
  }

  /** Any characters of Unicode but NUL, no half surrogates. */
  public static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    int size = between(random, 0, most);
    while (text.length() < size) {
      int point =
          switch (random.nextInt(3)) {
            case 0 -> between(random, 0x20, 0x7E);
            case 1 -> between(random, 1, 0x2FF);
            default -> between(random, 1, Character.MAX_CODE_POINT);
          };
      if (Character.getType(point) != Character.SURROGATE) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  /** Out of these characters only. */
  public static String text(Random random, int most, String characters) {
    StringBuilder text = new StringBuilder();
    for (int size = between(random, 0, most); size > 0; size--) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }
}
