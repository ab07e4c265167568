package io.keepset.plan;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The backups that stay behind when the store of the same name lies elsewhere from then on. */
final class OutOfReach {
  private OutOfReach() {}

  /**
   * @param all of one database, oldest first
   */
  static List<Backup> of(Change change, List<Backup> all) {
    Set<String> moved = StoreGrading.moved(change);
    if (moved.isEmpty()) {
      return List.of();
    }
    List<Backup> behind = new ArrayList<>();
    for (Backup backup : all) {
      boolean exists = Toll.isRestorable(backup) || backup.state() == BackupState.EXPIRED;
      if (exists && backup.store().filter(moved::contains).isPresent()) {
        behind.add(backup);
      }
    }
    return behind;
  }
}
