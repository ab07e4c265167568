package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.Holding;
import java.util.List;
import java.util.function.Function;

/** What keeps backups whatever the policy says. */
@FunctionalInterface
public interface Holds {
  Holds NONE = backup -> List.of();

  /** The holds and locks on a backup now, as printed: {@code hold case-1234}. */
  List<String> on(Backup backup);

  /** The same for all backups of a database, as things are now: looked up once, not for each. */
  default Function<Backup, List<String>> of(String database) {
    return this::on;
  }

  /** Those on a database that no plan of policy files changes. */
  default Holding byHand(String database) {
    return Holding.NONE;
  }
}
