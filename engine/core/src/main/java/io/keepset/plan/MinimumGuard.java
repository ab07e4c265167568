package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.KeepSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Never fewer verified backups than {@code minimum}, whatever anybody agreed to. The minimum that
 * counts is the one in force: whoever lowers it can use that in the next change.
 */
final class MinimumGuard implements Guard {
  static final String CODE = "guard.minimum";

  private static final Function<Backup, List<String>> NO_HOLDS = KeepSet::noHolds;

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    List<Objection> objections = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (plan.permits(change) && !change.impact().casualties().isEmpty()) {
        objection(change, circumstances).ifPresent(objections::add);
      }
    }
    return objections;
  }

  private static Optional<Objection> objection(Change change, Circumstances circumstances) {
    Optional<Protection> rules = change.before().or(change::after);
    int minimum = rules.map(r -> r.retention().minimum()).orElse(0);
    // A copy is one more place of the same backup, and has rules of its own.
    List<Backup> all =
        Copies.originals(circumstances.backups().getOrDefault(change.target(), List.of()));
    int now = verified(all);
    int left =
        change
            .after()
            .map(a -> KeepSet.decide(all, a.rules(), a.zone(), circumstances.now(), NO_HOLDS))
            .map(kept -> verified(kept.kept()))
            .orElse(now);
    if (left >= minimum || left >= now) {
      return Optional.empty();
    }
    return Optional.of(
        Objection.never(
            CODE,
            change.target().name(),
            " would keep "
                + left
                + " of "
                + Figures.count(now, "verified backup")
                + ", fewer than its minimum of "
                + minimum,
            "let more stay; no approval can cross retention.minimum. Whoever lowers it first, in a"
                + " change of its own, can do this in the next",
            place(change)));
  }

  private static int verified(List<Backup> backups) {
    int count = 0;
    for (Backup backup : backups) {
      count += backup.state() == BackupState.CREATED && backup.verified() ? 1 : 0;
    }
    return count;
  }

  private static Optional<Location> place(Change change) {
    for (FieldChange field : change.fields()) {
      if (field.path().startsWith("retention.") && field.grade() == Grade.WEAKENS) {
        return field.declaredAt();
      }
    }
    return change.declaredAt();
  }
}
