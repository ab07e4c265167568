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
 * What one pass of retention does to the backups of one database. The runner carries it out and a
 * plan foretells it, so there is one decision and no second opinion.
 *
 * @param decisions for each backup that takes part, oldest first
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
    KeepSet keepSet = KeepSet.decide(backups, rules, zone, now, holds);
    return new Sweep(
        keepSet.decisions(),
        keepSet.expired(),
        returning(backups, rules, zone, now, holds),
        keepSet.frozen());
  }

  /**
   * The expired ones take part in a decision of their own, so that they never cost another its
   * place: what they win is only their own return.
   */
  private static List<Decision> returning(
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
    List<Decision> returning = new ArrayList<>();
    if (inGrace.isEmpty()) {
      return returning;
    }
    for (Decision decision : KeepSet.decide(asKept, rules, zone, now, holds).decisions()) {
      if (decision.wanted() && inGrace.contains(decision.backup().id())) {
        returning.add(decision);
      }
    }
    return returning;
  }
}
