package io.keepset.runner;

import io.keepset.retention.Backup;
import java.util.List;

/** What keeps backups whatever the policy says. */
@FunctionalInterface
public interface Holds {
  Holds NONE = backup -> List.of();

  /** The holds and locks on a backup, as printed: {@code hold case-1234}. */
  List<String> on(Backup backup);
}
