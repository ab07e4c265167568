package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Compliance.Forbidden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What protections have less of than compliance rules demand. Pure. */
public final class ComplianceCheck {
  public static final String CODE = "guard.compliance";

  private ComplianceCheck() {}

  /**
   * Something that is less than a rule demands.
   *
   * @param option path of the demand among the options of the protection that carries the rule
   * @param field where the value stands that falls short, as in {@link ProtectionFields}
   * @param statement to be read after the database's name
   */
  public record Breach(String option, String field, String statement) {}

  /** Everything that databases in the files undercut, in the order of their names. */
  public static List<Diagnostic> check(PolicySet policies) {
    List<Diagnostic> found = new ArrayList<>();
    if (policies.compliance().isEmpty()) {
      return found;
    }
    for (Resolved plain : policies.protections().values()) {
      Resolved resolved = ComplianceFields.add(plain, policies.compliance().values());
      for (Breach breach : breaches(resolved.protection(), resolved.protection())) {
        found.add(
            Diagnostic.error(
                    CODE,
                    resolved.protection().name() + " " + breach.statement(),
                    place(resolved, breach.field()))
                .withHint(hint(resolved, breach)));
      }
    }
    return found;
  }

  /** Says where the rule stands. */
  public static String hint(Resolved resolved, Breach breach) {
    return "compliance "
        + ComplianceFields.rule(breach.option())
        + " says so at "
        + place(resolved, breach.option())
        + ", and no approval can allow less";
  }

  /**
   * @param judged what is measured
   * @param rules the protection that carries the rules to measure by
   */
  public static List<Breach> breaches(Protection judged, Protection rules) {
    List<Breach> breaches = new ArrayList<>();
    for (Map.Entry<String, Demand> entry : ComplianceFields.demands(rules).entrySet()) {
      Demand demand = entry.getValue();
      demand
          .shortfall(judged)
          .ifPresent(
              has ->
                  breaches.add(
                      new Breach(
                          entry.getKey(),
                          demand.field(),
                          "has "
                              + demand.path()
                              + " "
                              + has
                              + ", compliance "
                              + demand.rule()
                              + " demands "
                              + demand.value())));
    }
    off(judged, ComplianceFields.forbidden(rules)).ifPresent(breaches::add);
    return breaches;
  }

  private static Optional<Breach> off(Protection judged, SortedMap<Forbidden, String> forbidden) {
    return judged
        .suspension()
        .flatMap(
            off -> {
              Forbidden what = off.disabled() ? Forbidden.DISABLE : Forbidden.PAUSE;
              String word = off.disabled() ? "disabled" : "paused";
              return Optional.ofNullable(forbidden.get(what))
                  .map(
                      option ->
                          new Breach(
                              option,
                              "backups." + word,
                              "has its backups "
                                  + word
                                  + ", compliance "
                                  + ComplianceFields.rule(option)
                                  + " forbids it"));
            });
  }

  /** The line that set a field, or what lies around it; the database's own if none did. */
  public static Location place(Resolved resolved, String field) {
    String prefix = field;
    while (true) {
      Origin origin = resolved.origins().get(prefix);
      if (origin != null && origin.at() != null) {
        return origin.at();
      }
      int dot = prefix.lastIndexOf('.');
      if (dot < 0) {
        return resolved.declaredAt();
      }
      prefix = prefix.substring(0, dot);
    }
  }
}
