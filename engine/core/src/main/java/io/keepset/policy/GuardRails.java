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
 */
public record GuardRails(Limits limits, SortedMap<String, Approval> approvals, ZoneId zone) {
  /** Usual limits and nothing else. */
  public static final GuardRails NONE = new GuardRails(Limits.DEFAULT, new TreeMap<>(), Rules.ZONE);

  public GuardRails {
    approvals = Collections.unmodifiableSortedMap(new TreeMap<>(approvals));
  }

  /** Those of a policy set. */
  public static GuardRails of(PolicySet policies) {
    return new GuardRails(policies.settings().limits(), policies.approvals(), Rules.ZONE);
  }
}
