package io.keepset.policy;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All policy files of one revision, resolved.
 *
 * @param protections every declared database, by name
 * @param policies as written; built-in ones are not among them
 * @param instances servers that databases are on, by name
 * @param files how many files were read
 */
public record PolicySet(
    Settings settings,
    SortedMap<String, Resolved> protections,
    SortedMap<String, StoreSpec> stores,
    SortedMap<String, Instance> instances,
    SortedMap<String, Declared> policies,
    SortedMap<String, Declared> environments,
    SortedMap<String, DeclaredHold> holds,
    SortedMap<String, Compliance> compliance,
    SortedMap<String, Approval> approvals,
    int files) {
  /** Nothing declared at all. */
  public static final PolicySet EMPTY =
      new PolicySet(
          Settings.DEFAULT,
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          0);

  public PolicySet {
    protections = Collections.unmodifiableSortedMap(new TreeMap<>(protections));
    stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
    instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    holds = Collections.unmodifiableSortedMap(new TreeMap<>(holds));
    compliance = Collections.unmodifiableSortedMap(new TreeMap<>(compliance));
    approvals = Collections.unmodifiableSortedMap(new TreeMap<>(approvals));
  }
}
