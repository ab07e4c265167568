package io.keepset.retention;

import io.keepset.policy.Retention;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What one pass of retention does to backups that are decided about together. The runner carries it
 * out and a plan foretells it, so there is one decision and no second opinion.
 *
 * <p>Those in their grace take part as if they were kept, because they can come back; so a second
 * pass finds nothing to do. Deciding about them apart would bring some back beside others that the
 * same rules then let go an hour later, without anybody having been told.
 *
 * @param decisions for each backup that takes part and is not in its grace, oldest first
 * @param expiring what goes into its grace now, oldest first
 * @param returning decisions for backups in grace that the rules keep again, oldest first; the
 *     backup of each is as it is once it is back
 * @param frozen why nothing expires and nothing is deleted now
 */
public record Sweep(
    List<Decision> decisions,
    List<Backup> expiring,
    List<Decision> returning,
    Optional<String> frozen) {
  public Sweep {
    decisions = List.copyOf(decisions);
    expiring = List.copyOf(expiring);
    returning = List.copyOf(returning);
  }

  /** Takes what {@link KeepSet#decide} takes. */
  public static Sweep of(
      Collection<Backup> backups,
      Retention rules,
      ZoneId zone,
      Instant now,
      Function<Backup, List<String>> holds) {
    Set<String> inGrace = new HashSet<>();
    List<Backup> asKept = new ArrayList<>(backups.size());
    for (Backup backup : backups) {
      boolean expired = backup.state() == BackupState.EXPIRED;
      asKept.add(expired ? backup.keptAgain() : backup);
      if (expired) {
        inGrace.add(backup.id());
      }
    }
    // What has expired once does not come back merely because an older one was deleted.
    KeepSet keepSet =
        KeepSet.decide(asKept, rules, zone, now, holds, b -> !inGrace.contains(b.id()));
    List<Decision> decisions = new ArrayList<>();
    List<Backup> expiring = new ArrayList<>();
    List<Decision> returning = new ArrayList<>();
    for (Decision decision : keepSet.decisions()) {
      if (!inGrace.contains(decision.backup().id())) {
        decisions.add(decision);
        if (!decision.kept()) {
          expiring.add(decision.backup());
        }
      } else if (decision.wanted()) {
        returning.add(decision);
      }
    }
    return new Sweep(decisions, expiring, returning, keepSet.frozen());
  }
}
