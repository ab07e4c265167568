package io.keepset.policy;

import io.keepset.diagnostic.Location;
import org.jspecify.annotations.Nullable;

/**
 * Which level set a resolved value.
 *
 * @param level {@code built-in}, {@code keepset.defaults}, {@code environment production}, {@code
 *     policy gold}, {@code database orders}
 * @param at null only for built-in values
 */
public record Origin(String level, @Nullable Location at) {
  /** The level of values that no file and no policy sets. */
  public static final String BUILT_IN = "built-in";
}
