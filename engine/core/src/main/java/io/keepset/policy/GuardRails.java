package io.keepset.policy;

import java.time.ZoneId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the files say about how far changes may go.
 *
 * @param approvals by name
 * @param zone whose calendar the dates of approvals mean
 * @param compliance false if it is certain that no declared database is under a compliance rule, so
 *     that nobody need look for one
 */
public record GuardRails(
    Limits limits, SortedMap<String, Approval> approvals, ZoneId zone, boolean compliance) {
  /** Usual limits and nothing else. */
  public static final GuardRails NONE =
      new GuardRails(Limits.DEFAULT, new TreeMap<>(), Rules.ZONE, true);

  public GuardRails {
    approvals = Collections.unmodifiableSortedMap(new TreeMap<>(approvals));
  }

  /** Those of a policy set. */
  public static GuardRails of(PolicySet policies) {
    return new GuardRails(
        policies.settings().limits(),
        policies.approvals(),
        Rules.ZONE,
        !policies.compliance().isEmpty());
  }
}
