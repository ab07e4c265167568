package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One declared database with its protection and where each value came from.
 *
 * @param policy name of the policy that applies
 * @param origins by field path as in {@link ProtectionFields}: {@code retention.daily}
 * @param declaredAt where the database's block begins
 */
public record Resolved(
    Protection protection, String policy, SortedMap<String, Origin> origins, Location declaredAt) {
  public Resolved {
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }
}
