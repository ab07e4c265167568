package io.keepset.policy;

import java.util.Comparator;

/**
 * What is protected, and by whom.
 *
 * @param platform {@code runner}, {@code aws-rds}, …
 * @param name of the database, unique in a policy set
 */
public record TargetId(String platform, String name) implements Comparable<TargetId> {
  private static final Comparator<TargetId> ORDER =
      Comparator.comparing(TargetId::name).thenComparing(TargetId::platform);

  @Override
  public int compareTo(TargetId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name + " on " + platform;
  }
}
