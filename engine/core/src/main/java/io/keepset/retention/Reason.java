package io.keepset.retention;

/**
 * Why a backup is kept.
 *
 * @param rule the key of the rule as in policy files ({@code daily}, {@code within_weekly}, {@code
 *     on_demand}, {@code minimum}), or {@code final}, {@code hold}, {@code restoring}, {@code
 *     frozen}, {@code no_rule}
 * @param text for people: {@code daily 3/30}
 */
public record Reason(String rule, String text) {
  /** No rule wants the backup, but nothing expires while the newest run is bad. */
  public static final String FROZEN = "frozen";

  static Reason of(String rule, String text) {
    return new Reason(rule, text);
  }

  @Override
  public String toString() {
    return text;
  }
}
