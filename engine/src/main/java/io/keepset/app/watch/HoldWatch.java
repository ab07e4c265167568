package io.keepset.app.watch;

import io.keepset.app.state.HoldTable;
import io.keepset.app.state.HoldTable.Row;
import io.keepset.policy.Hold;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Tells which holds somebody should have looked at by now. */
final class HoldWatch implements ProblemSource {
  private final HoldTable holds;

  HoldWatch(HoldTable holds) {
    this.holds = holds;
  }

  @Override
  public List<Problem> problems(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Problem> problems = new ArrayList<>();
    for (Row row : holds.all()) {
      Hold hold = row.hold();
      if (!hold.reviewBy().isAfter(today)) {
        problems.add(
            Problem.warning(
                    "watch.hold_review",
                    "hold/" + hold.name(),
                    "hold " + hold.name() + " was to be reviewed by " + hold.reviewBy())
                .withHint(
                    switch (row.kind()) {
                      case FILES -> "set another review_by at " + row.place() + ", or remove it";
                      case HAND, LEFT ->
                          "end it with keepset hold end "
                              + hold.name()
                              + ", or end it and make it anew with a later day";
                    })
                .since(hold.reviewBy().atStartOfDay(ZoneOffset.UTC).toInstant()));
      }
    }
    return problems;
  }
}
