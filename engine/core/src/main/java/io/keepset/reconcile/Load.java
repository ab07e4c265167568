package io.keepset.reconcile;

import io.keepset.diagnostic.Validated;
import io.keepset.policy.PolicySet;

/** The second station: files into a policy set, with all mistakes of all files together. */
@FunctionalInterface
public interface Load {
  Validated<PolicySet> load(Fetched files);
}
