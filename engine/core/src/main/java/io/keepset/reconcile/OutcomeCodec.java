package io.keepset.reconcile;

import io.keepset.plan.Change;
import io.keepset.plan.Plan;
import io.keepset.retention.BackupCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Locale;
import java.util.Optional;

/** What became of a change, for whoever had it carried out elsewhere. */
public final class OutcomeCodec {
  private OutcomeCodec() {}

  public static MapNode encode(Outcome outcome) {
    Change change = outcome.change();
    MapBuilder map =
        new MapBuilder()
            .put("database", change.target().name())
            .put("platform", change.target().platform())
            .put("action", change.action().word())
            .put("status", outcome.status().name().toLowerCase(Locale.ROOT))
            .putText("message", outcome.message());
    outcome.finalBackup().ifPresent(last -> map.put("final_backup", BackupCodec.encode(last)));
    return map.build();
  }

  /**
   * What {@link #encode} made.
   *
   * @param plan the same plan, where the change is found again
   * @throws IllegalArgumentException if the plan has no such change, or it is anything else
   */
  public static Outcome decode(MapNode map, Plan plan) {
    for (Change change : plan.applicable()) {
      boolean same =
          map.text("database").equals(Optional.of(change.target().name()))
              && map.text("platform").equals(Optional.of(change.target().platform()))
              && map.text("action").equals(Optional.of(change.action().word()));
      if (same) {
        return new Outcome(
            change,
            Outcome.Status.valueOf(map.text("status").orElse("").toUpperCase(Locale.ROOT)),
            map.text("message"),
            map.map("final_backup").map(BackupCodec::decode));
      }
    }
    throw new IllegalArgumentException(
        "an outcome of no change in the plan: " + map.text("database").orElse("unnamed"));
  }
}
