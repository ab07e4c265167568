package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/** All policy rules, asked in order. */
final class Contradictions {
  private static final List<PolicyRule> RULES = List.of();

  private Contradictions() {}

  static List<Diagnostic> in(Subject subject) {
    return RULES.stream().flatMap(rule -> rule.check(subject).stream()).toList();
  }
}
