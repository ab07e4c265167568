package io.keepset.app.http;

import io.keepset.access.Caller;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets everything through, or nothing; does nothing. */
final class FakePlans implements PlanDesk {
  final List<PlanFile> brought = new ArrayList<>();
  final List<Caller> callers = new ArrayList<>();
  List<Diagnostic> refusals = List.of();

  @Override
  public Report apply(PlanFile plan, Caller by, Consumer<Outcome> heard) {
    brought.add(plan);
    callers.add(by);
    return new Report(
        new Plan(plan.desired().revision(), plan.mode(), List.of(), List.of()),
        refusals,
        List.of(),
        Optional.empty(),
        List.of());
  }
}
