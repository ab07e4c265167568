package io.keepset.plan;

import io.keepset.policy.Mode;
import java.util.List;
import java.util.Optional;

/** Who may agree to changes is itself not to be changed without agreement. */
final class EndorsementGuard implements Guard {
  static final String CODE = "guard.endorsement";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    if (plan.mode() == Mode.OBSERVE) {
      return List.of();
    }
    ApprovalEndorsement endorsement = circumstances.precedents().endorsement();
    return endorsement.loosens().stream()
        .map(
            what ->
                Objection.unless(
                    endorsement.change(),
                    CODE,
                    "",
                    ApprovalEndorsement.CHANGE,
                    " " + what + ": that needs an approval by what is in force",
                    Optional.empty()))
        .toList();
  }
}
