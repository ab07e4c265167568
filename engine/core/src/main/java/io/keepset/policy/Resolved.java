package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One declared database with its protection and where each value came from.
 *
 * @param policy name of the policy that applies
 * @param origins by field path as in {@link ProtectionFields}: {@code retention.daily}
 * @param declaredAt where the database's block begins
 * @param environment name of the one that the block names, if it names one
 */
public record Resolved(
    Protection protection,
    String policy,
    SortedMap<String, Origin> origins,
    Location declaredAt,
    Optional<String> environment) {
  public Resolved {
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  /** One of no environment. */
  public Resolved(
      Protection protection,
      String policy,
      SortedMap<String, Origin> origins,
      Location declaredAt) {
    this(protection, policy, origins, declaredAt, Optional.empty());
  }

  /** The same with other values and where they come from. */
  public Resolved with(Protection changed, SortedMap<String, Origin> changedOrigins) {
    return new Resolved(changed, policy, changedOrigins, declaredAt, environment);
  }
}
