package io.keepset.terraform.coverage;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be said about one resource that keeps data.
 *
 * @param action what Terraform would do to it
 * @param databases of policy files that stand for it
 * @param policies that apply to those
 * @param matchedBy {@code tag}, {@code identifier}, {@code host} or {@code name}
 * @param own backups of the platform's own
 * @param reason in a sentence
 */
public record Finding(
    String address,
    String type,
    String action,
    Verdict verdict,
    List<String> databases,
    List<String> policies,
    Optional<String> matchedBy,
    String own,
    Optional<String> ownDetail,
    String reason) {
  public Finding {
    databases = List.copyOf(databases);
    policies = List.copyOf(policies);
  }

  Finding because(String newReason) {
    return new Finding(
        address, type, action, verdict, databases, policies, matchedBy, own, ownDetail, newReason);
  }

  /** How it is with its backups, the worst first. */
  public enum Verdict {
    /** No policy covers it. */
    BARE,
    /** Whether one does is known after apply. */
    UNKNOWN,
    /** It is without backups on purpose, with a reason in a policy file. */
    SUSPENDED,
    /** It needs none of its own. */
    EXEMPT,
    COVERED,
    /** It goes, or Terraform forgets it. */
    DESTROYED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
