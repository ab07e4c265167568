package io.keepset.app.watch;

import io.keepset.app.state.WatchRecords;
import io.keepset.app.state.WatchRecords.StoreCheck;
import io.keepset.plan.Figures;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Tells what the last check of each store found: catalogue and store apart, objects missing. */
final class StoreWatch implements ProblemSource {
  /** A server checks once a day by itself. */
  private static final Duration CHECKED_WITHIN = Duration.ofDays(3);

  private final WatchRecords records;
  private final Supplier<Collection<String>> stores;

  /**
   * @param stores the names of those that are declared
   */
  StoreWatch(WatchRecords records, Supplier<Collection<String>> stores) {
    this.records = records;
    this.stores = stores;
  }

  @Override
  public List<Problem> problems(Instant now) {
    Collection<String> known = stores.get();
    List<Problem> problems = new ArrayList<>();
    for (StoreCheck check : records.storeChecks()) {
      String target = "store/" + check.store();
      if (!known.contains(check.store())) {
        continue;
      }
      if (!check.good()) {
        int more = check.findings().size() - 1;
        problems.add(
            Problem.error(
                    "watch.store",
                    target,
                    (check.findings().isEmpty() ? "the check failed" : check.findings().get(0))
                        + (more > 0 ? " (and " + Figures.count(more, "finding") + " more)" : ""))
                .withHint("look with keepset store check " + check.store()));
      } else if (check.at().plus(CHECKED_WITHIN).isBefore(now)) {
        problems.add(
            Problem.warning(
                    "watch.store-check",
                    target,
                    "was last compared with the catalogue "
                        + Figures.age(Duration.between(check.at(), now))
                        + " ago")
                .withHint("keepset serve does it once a day; by hand: keepset store check")
                .since(check.at().plus(CHECKED_WITHIN)));
      }
    }
    return problems;
  }
}
