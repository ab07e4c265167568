package io.keepset.plan;

import io.keepset.diagnostic.Location;
import java.util.Optional;

/**
 * One field of one database, old to new.
 *
 * @param path as in {@link io.keepset.policy.ProtectionFields}
 * @param before empty if the field is new
 * @param after empty if the field goes
 * @param declaredAt the line that says so, if a file does
 */
public record FieldChange(
    String path,
    Optional<String> before,
    Optional<String> after,
    Grade grade,
    Optional<Location> declaredAt) {
  /** The same change with another grade. */
  public FieldChange graded(Grade other) {
    return new FieldChange(path, before, after, other, declaredAt);
  }
}
