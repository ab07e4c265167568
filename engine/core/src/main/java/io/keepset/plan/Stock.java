package io.keepset.plan;

import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a plan is weighed against.
 *
 * @param backups of the databases that {@link Weighing#questions} names, oldest first
 * @param holds for a backup the texts of the holds and locks on it that no plan changes: those in
 *     files are part of the protections
 * @param reach by platform; one that says nothing is taken to reach back
 */
public record Stock(
    Map<TargetId, List<Backup>> backups,
    Function<Backup, List<String>> holds,
    Map<String, RetentionReach> reach) {
  public Stock {
    backups = Map.copyOf(backups);
    reach = Map.copyOf(reach);
  }

  List<Backup> of(TargetId target) {
    return backups.getOrDefault(target, List.of());
  }

  RetentionReach reach(TargetId target) {
    return reach.getOrDefault(target.platform(), RetentionReach.REACHES_BACK);
  }
}
