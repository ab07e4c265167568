package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import java.util.List;
import java.util.Optional;

/**
 * What a plan does to one target.
 *
 * @param before empty on CREATE
 * @param after empty on DELETE and UNDECLARED
 * @param fields in order of path; empty on NONE
 */
public record Change(
    Action action,
    TargetId target,
    Optional<Protection> before,
    Optional<Protection> after,
    List<FieldChange> fields,
    Impact impact,
    Optional<Location> declaredAt) {
  public Change {
    fields = List.copyOf(fields);
  }
}
