package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/**
 * One way in which values, each good by itself, contradict each other. A rule says nothing that
 * depends on which database it looks at unless the database is to blame: what many databases
 * inherit is then reported once.
 */
interface PolicyRule {
  List<Diagnostic> check(Subject subject);
}
