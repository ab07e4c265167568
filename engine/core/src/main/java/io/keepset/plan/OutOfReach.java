package io.keepset.plan;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The backups that stay behind when the store of the same name lies elsewhere from then on. */
final class OutOfReach {
  private OutOfReach() {}

  /**
   * @param all of one database, oldest first
   */
  static List<Backup> of(Change change, List<Backup> all) {
    if (!StoreGrading.moves(change)) {
      return List.of();
    }
    Optional<String> store = change.after().flatMap(after -> after.store());
    List<Backup> behind = new ArrayList<>();
    for (Backup backup : all) {
      boolean exists = Toll.isRestorable(backup) || backup.state() == BackupState.EXPIRED;
      if (exists && backup.store().equals(store)) {
        behind.add(backup);
      }
    }
    return behind;
  }
}
