package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one revision would change. Stable: the same desired and actual state give the same plan, in
 * the same order.
 *
 * @param mode how far an apply of it may go
 * @param changes one per database that is declared or live, in the order of {@link Change#target}
 * @param notes what a reader must know besides, such as blocks that nothing acts on yet
 */
public record Plan(Revision revision, Mode mode, List<Change> changes, List<Diagnostic> notes) {
  private static final Comparator<Change> APPLY_ORDER =
      Comparator.comparingInt(Plan::turn).thenComparing(Change::target);

  public Plan {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** Identifies the decisions, not the clock and not last night's backup; SHA-256 in hex. */
  public String hash() {
    return PlanHash.of(this);
  }

  /** True if the mode lets the change be written; findings and unchanged databases never are. */
  public boolean permits(Change change) {
    if (!change.action().acts()) {
      return false;
    }
    return switch (mode) {
      case OBSERVE -> false;
      case ADDITIVE -> !change.weakens();
      case FULL -> true;
    };
  }

  /**
   * What an apply does, in the order in which it does: strengthening first, weakening last, creates
   * and updates before deletes. What it only takes over is among it.
   */
  public List<Change> applicable() {
    List<Change> result = new ArrayList<>();
    for (Change change : changes) {
      if (permits(change)) {
        result.add(change);
      }
    }
    result.sort(APPLY_ORDER);
    return result;
  }

  /** Changes that the mode keeps from being written, by name. */
  public List<Change> heldBack() {
    List<Change> result = new ArrayList<>();
    for (Change change : changes) {
      if (change.action().writes() && !permits(change)) {
        result.add(change);
      }
    }
    return result;
  }

  /** True if live state and files differ in something that Keepset would write. */
  public boolean hasChanges() {
    for (Change change : changes) {
      if (change.action().writes()) {
        return true;
      }
    }
    return false;
  }

  public int count(Action action) {
    int count = 0;
    for (Change change : changes) {
      if (change.action() == action) {
        count++;
      }
    }
    return count;
  }

  /** The same decisions with other consequences. */
  public Plan withChanges(List<Change> newChanges) {
    return new Plan(revision, mode, newChanges, notes);
  }

  /** The same with more to be said. */
  public Plan withNotes(List<Diagnostic> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Diagnostic> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Plan(revision, mode, changes, all);
  }

  private static int turn(Change change) {
    if (change.action() == Action.DELETE) {
      return 2;
    }
    return change.weakens() ? 1 : 0;
  }
}
