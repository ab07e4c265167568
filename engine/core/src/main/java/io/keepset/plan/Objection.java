package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a guard does not let a plan pass.
 *
 * @param subject the database, or what else it is about
 * @param statement what is wrong with it; the same for all subjects that one line concerns
 * @param change what an approval names to agree to it; empty if nothing can allow it
 * @param hint what would make it pass
 * @param at the line that caused it
 */
public record Objection(
    String code,
    String subject,
    String statement,
    Optional<String> change,
    Optional<String> hint,
    Optional<Location> at) {

  /** What nothing can allow. */
  public static Objection never(
      String code, String subject, String statement, String hint, @Nullable Location at) {
    return new Objection(
        code, subject, statement, Optional.empty(), Optional.of(hint), Optional.ofNullable(at));
  }

  /** What an approval allows that names the change. */
  public static Objection unless(
      String change, String code, String subject, String statement, Optional<Location> at) {
    return new Objection(code, subject, statement, Optional.of(change), Optional.empty(), at);
  }

  /** True if they differ in nothing but whom they concern. */
  boolean saysTheSameAs(Objection other) {
    return code.equals(other.code)
        && statement.equals(other.statement)
        && change.isPresent() == other.change.isPresent()
        && hint.equals(other.hint)
        && at.equals(other.at);
  }

  /** For this subject alone. */
  Diagnostic diagnostic() {
    String message = subject.isEmpty() ? statement : subject + " " + statement;
    return Diagnostic.error(code, message, at.orElse(null)).withHint(hint.orElse(null));
  }
}
