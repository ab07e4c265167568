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
 * @param blank true if the files hold no block of any kind, approvals aside
 */
public record GuardRails(
    Limits limits,
    SortedMap<String, Approval> approvals,
    ZoneId zone,
    boolean compliance,
    boolean blank) {
  /** Usual limits and nothing else. */
  public static final GuardRails NONE =
      new GuardRails(Limits.DEFAULT, new TreeMap<>(), Rules.ZONE, true, true);

  public GuardRails {
    approvals = Collections.unmodifiableSortedMap(new TreeMap<>(approvals));
  }

  /** Those of a policy set. */
  public static GuardRails of(PolicySet policies) {
    return new GuardRails(
        policies.settings().limits(),
        policies.approvals(),
        Rules.ZONE,
        !policies.compliance().isEmpty(),
        isBlank(policies));
  }

  private static boolean isBlank(PolicySet policies) {
    return policies.settings().equals(Settings.DEFAULT)
        && policies.protections().isEmpty()
        && policies.stores().isEmpty()
        && policies.instances().isEmpty()
        && policies.policies().isEmpty()
        && policies.environments().isEmpty()
        && policies.holds().isEmpty()
        && policies.compliance().isEmpty();
  }
}
