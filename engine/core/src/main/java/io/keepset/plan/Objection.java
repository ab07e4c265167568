package io.keepset.plan;

import io.keepset.diagnostic.Location;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a guard does not let a plan pass. Reads {@code lead subject rest}; what one line does to many
 * databases differs in the subject only, and is said once.
 *
 * @param subject the database, or what else it is about
 * @param change what an approval names to agree to it; empty if nothing can allow it
 * @param hint what would make it pass, besides an approval
 * @param at the line that caused it
 */
public record Objection(
    String code,
    String lead,
    String subject,
    String rest,
    Optional<String> change,
    Optional<String> hint,
    Optional<Location> at) {

  /** What nothing can allow. */
  public static Objection never(
      String code, String subject, String rest, String hint, Optional<Location> at) {
    return new Objection(code, "", subject, rest, Optional.empty(), Optional.of(hint), at);
  }

  /** What an approval allows that names the change. */
  public static Objection unless(
      String change, String code, String lead, String subject, String rest, Optional<Location> at) {
    return new Objection(code, lead, subject, rest, Optional.of(change), Optional.empty(), at);
  }

  Objection withHint(@Nullable String other) {
    return new Objection(code, lead, subject, rest, change, Optional.ofNullable(other), at);
  }

  /** What it has in common with those that differ only in whom they concern. */
  Objection ofNobody() {
    return new Objection(code, lead, "", rest, change.map(named -> ""), hint, at);
  }
}
