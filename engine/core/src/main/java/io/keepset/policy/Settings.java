package io.keepset.policy;

import java.util.Optional;

/**
 * What the {@code keepset} block says about the repository as a whole.
 *
 * @param mode empty if no file sets it
 * @param maxConcurrentRuns how many backups may run at once in all stores together
 * @param suspiciousBelowPercent a backup smaller than this part of the median of the last five is
 *     suspicious; 0 turns the check off
 * @param alerting who hears of problems
 * @param approvals who may agree to a change that weakens
 * @param terraform how Terraform's states are kept
 */
public record Settings(
    Optional<Mode> mode,
    Limits limits,
    int maxConcurrentRuns,
    int suspiciousBelowPercent,
    Alerting alerting,
    ApprovalRules approvals,
    TerraformStateRules terraform) {
  public static final Settings DEFAULT =
      new Settings(
          Optional.empty(),
          Limits.DEFAULT,
          4,
          50,
          Alerting.NONE,
          ApprovalRules.NONE,
          TerraformStateRules.DEFAULT);
}
