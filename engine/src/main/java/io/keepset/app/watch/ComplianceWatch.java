package io.keepset.app.watch;

import io.keepset.policy.ComplianceCheck;
import io.keepset.policy.ComplianceCheck.Breach;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * Tells which databases have less than a compliance rule demands. What is live is measured by the
 * rules that were applied, not only by those it says it has: who takes away backups may take away
 * the rule with them.
 */
final class ComplianceWatch implements ProblemSource {
  private static final int SHOWN = 3;

  private final Supplier<Collection<Protection>> live;
  private final Supplier<SortedMap<TargetId, Protection>> applied;

  /**
   * @param live what platforms do
   * @param applied what carries compliance rules, as it was last applied
   */
  ComplianceWatch(
      Supplier<Collection<Protection>> live, Supplier<SortedMap<TargetId, Protection>> applied) {
    this.live = live;
    this.applied = applied;
  }

  @Override
  public List<Problem> problems(Instant now) {
    Map<TargetId, Protection> rules = applied.get();
    List<Problem> problems = new ArrayList<>();
    for (Protection protection : live.get()) {
      Set<String> statements = new LinkedHashSet<>();
      Protection ruled = rules.getOrDefault(protection.target(), protection);
      statements(protection, ruled, statements);
      statements(protection, protection, statements);
      if (!statements.isEmpty()) {
        problems.add(problem(protection, List.copyOf(statements)));
      }
    }
    return problems;
  }

  private static void statements(Protection live, Protection rules, Set<String> statements) {
    for (Breach breach : ComplianceCheck.breaches(live, rules)) {
      statements.add(breach.statement());
    }
  }

  /** One for each database: problems of one code and target are one. */
  private static Problem problem(Protection protection, List<String> statements) {
    int more = statements.size() - SHOWN;
    return Problem.error(
            "watch.compliance",
            protection.name(),
            String.join("; ", statements.subList(0, Math.min(SHOWN, statements.size())))
                + (more > 0 ? "; " + more + " more" : ""))
        .withHint("keepset plan shows all of it; an apply puts it right; find out who changed it");
  }
}
