package io.keepset.app.terraform.objects;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Change;
import io.keepset.plan.PlanJson;
import io.keepset.plan.PlanText;
import io.keepset.reconcile.Proposal;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.terraform.Refusal;
import java.util.ArrayList;
import java.util.List;

/** A plan as an answer over HTTP: for machines, and the very text of the command for people. */
final class PlanAnswer {
  private PlanAnswer() {}

  /**
   * @param said about the policies
   */
  static MapNode of(Proposal proposal, List<Diagnostic> said) {
    return new MapBuilder()
        .put("ok", !proposal.refused())
        .put("dry_run", true)
        .put("hash", proposal.plan().hash())
        .put("text", text(proposal))
        .put("diagnostics", DiagnosticCodec.encode(all(proposal, said)))
        .put("plan", PlanJson.of(proposal.plan(), proposal.refusals(), proposal.request()))
        .build();
  }

  /** The same as a refusal: what the guards said first, all of it, and what would let it pass. */
  static Refusal refusal(Proposal proposal, List<Diagnostic> said) {
    Diagnostic first = proposal.refusals().get(0);
    Refusal refusal =
        new Refusal(
                409,
                "refused, and nothing was written: " + first.message() + " [" + first.code() + "]",
                all(proposal, said))
            .with("hash", MapBuilder.text(proposal.plan().hash()))
            .with("text", MapBuilder.text(text(proposal)));
    proposal
        .request()
        .ifPresent(request -> refusal.with("approval", PlanJson.approval(request).build()));
    return refusal;
  }

  private static String text(Proposal proposal) {
    return PlanText.print(proposal.plan(), proposal.refusals(), proposal.request(), false);
  }

  private static List<Diagnostic> all(Proposal proposal, List<Diagnostic> said) {
    List<Diagnostic> all = new ArrayList<>(proposal.refusals());
    for (Change change : proposal.plan().changes()) {
      all.addAll(change.findings());
    }
    all.addAll(said);
    return all;
  }
}
