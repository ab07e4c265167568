package io.keepset.app.cli;

import io.keepset.app.EffectiveMode;
import io.keepset.app.LoadedPolicies;
import io.keepset.app.Planner;
import io.keepset.app.PolicyFeed;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.plan.Precedents;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.reconcile.DesiredState;
import io.keepset.reconcile.Proposal;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plan of the policies that a command names.
 *
 * @param policies what it was made from
 * @param precedents what the guards judged it by
 */
record Planning(PolicySet policies, Proposal proposal, Precedents precedents) {
  /**
   * Loads and plans; says on stderr what is wrong with the files, or worth a warning.
   *
   * @param asked the mode on the command line, if one is there
   * @return empty if the files have mistakes, which are printed then
   */
  static Optional<Planning> of(
      Shell shell, @Nullable Path directory, Optional<Mode> asked, int runs)
      throws CommandException, IOException, DriverException {
    PolicyFeed.Read read = shell.read(directory);
    LoadedPolicies loaded = read.policies();
    Optional<PolicySet> policies = loaded.set().valid();
    List<Diagnostic> said = loaded.set().diagnostics();
    // Notes stand in the plan itself.
    shell
        .console()
        .diagnostics(
            said.stream().filter(d -> d.severity() != Severity.NOTE).toList(), loaded::textOf);
    if (policies.isEmpty()) {
      shell.console().note("Nothing is planned while the files have mistakes.");
      return Optional.empty();
    }
    PolicySet set = policies.get();
    Planner planner = shell.keepset().planner();
    Precedents precedents = planner.precedents(read.provenance(), set);
    Proposal proposal =
        planner
            .reconciler(set, precedents)
            .propose(
                DesiredState.of(read.revision(), set, said),
                EffectiveMode.of(asked, set.settings()),
                shell.clock().instant(),
                runs);
    return Optional.of(new Planning(set, proposal, precedents));
  }
}
