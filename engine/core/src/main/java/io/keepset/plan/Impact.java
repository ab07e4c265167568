package io.keepset.plan;

import io.keepset.retention.Backup;
import java.util.List;

/**
 * The backups that a change would cost.
 *
 * @param expiring in order of time, oldest first
 * @param total how many the database has now
 */
public record Impact(List<Backup> expiring, int total) {
  public static final Impact NONE = new Impact(List.of(), 0);

  public Impact {
    expiring = List.copyOf(expiring);
  }
}
