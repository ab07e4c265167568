package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.GuardRails;
import io.keepset.policy.Resolved;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one revision asks for.
 *
 * @param databases by name, each as its platform would echo it
 * @param unsupported what platforms can't do, by name of the database; no entry if all is well
 * @param notes go into the plan as they are
 * @param rails how far changes may go
 */
public record Desired(
    Revision revision,
    SortedMap<String, Resolved> databases,
    SortedMap<String, List<Diagnostic>> unsupported,
    List<Diagnostic> notes,
    GuardRails rails) {
  public Desired {
    databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
    unsupported = Collections.unmodifiableSortedMap(new TreeMap<>(unsupported));
    notes = List.copyOf(notes);
  }

  /** With the usual limits, and nothing agreed to. */
  public Desired(
      Revision revision,
      SortedMap<String, Resolved> databases,
      SortedMap<String, List<Diagnostic>> unsupported,
      List<Diagnostic> notes) {
    this(revision, databases, unsupported, notes, GuardRails.NONE);
  }
}
