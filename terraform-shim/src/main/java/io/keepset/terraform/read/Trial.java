package io.keepset.terraform.read;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import java.util.List;
import java.util.Optional;

/**
 * What came of planning policies that need not be in force.
 *
 * @param plan empty if the policies have mistakes
 * @param refusals what the guards said, in order
 * @param diagnostics of the policies
 */
public record Trial(
    Revision revision,
    Optional<Plan> plan,
    List<Diagnostic> refusals,
    List<Diagnostic> diagnostics) {
  public Trial {
    refusals = List.copyOf(refusals);
    diagnostics = List.copyOf(diagnostics);
  }
}
