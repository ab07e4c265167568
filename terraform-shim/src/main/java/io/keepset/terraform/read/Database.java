package io.keepset.terraform.read;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.watch.Problem;
import io.keepset.watch.Promises.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One database as it stands.
 *
 * @param environment that its block names
 * @param policy that applies; empty if no policies were read yet or the block is gone
 * @param state {@code ok}, {@code warning}, {@code broken}, {@code suspended} or {@code
 *     unprotected}
 * @param protection what is in force; empty if only backups are left
 * @param backups that can be restored
 * @param newest the newest good one
 * @param problems the worst first
 */
public record Database(
    String name,
    String platform,
    Optional<String> engine,
    Optional<String> environment,
    Optional<String> policy,
    String state,
    Optional<Protection> protection,
    int backups,
    Optional<Backup> newest,
    Optional<Instant> nextRun,
    List<Promise> promises,
    List<Problem> problems) {
  public Database {
    promises = List.copyOf(promises);
    problems = List.copyOf(problems);
  }

  boolean covered() {
    return protection.isPresent();
  }

  boolean suspended() {
    return state.equals("suspended");
  }

  boolean broken() {
    return state.equals("broken");
  }

  /** When the newest good backup gets older than was promised; empty without promise or backup. */
  Optional<Instant> staleAfter() {
    return protection
        .flatMap(p -> p.objective().rpo())
        .flatMap(rpo -> newest.map(backup -> backup.time().plus(rpo)));
  }
}
