package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Severity;
import io.keepset.plan.Desired;
import io.keepset.plan.Revision;
import io.keepset.policy.GuardRails;
import io.keepset.policy.Origin;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreFields;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What files ask for, and how the platforms would echo it. Pure. */
public final class DesiredState {
  private DesiredState() {}

  /**
   * What a policy set asks for, in its own words.
   *
   * @param said about the files when they were loaded; its notes go into the plan
   */
  public static Desired of(Revision revision, PolicySet policies, List<Diagnostic> said) {
    return of(revision, policies, said, new PlanMemory());
  }

  /** The same, at the cost of what changed since the memory's last plan. */
  public static Desired of(
      Revision revision, PolicySet policies, List<Diagnostic> said, PlanMemory memory) {
    List<Diagnostic> notes = new ArrayList<>();
    for (Diagnostic diagnostic : said) {
      if (diagnostic.severity() == Severity.NOTE) {
        notes.add(diagnostic);
      }
    }
    return new Desired(
        revision,
        memory.withRules(memory.whole(policies), policies.compliance()),
        new TreeMap<>(),
        notes,
        GuardRails.of(policies));
  }

  /** The same in the words of the platforms, and what they can't do. Twice is as good as once. */
  static Desired normalized(Desired desired, Map<String, Platform> platforms, PlanMemory memory) {
    TreeMap<String, Resolved> databases = new TreeMap<>(desired.databases());
    TreeMap<String, List<Diagnostic>> unsupported = new TreeMap<>();
    Map<String, PlanMemory.Wish> wishes =
        memory.wishes(
            desired.databases(),
            platforms,
            (resolved, platform) -> wish(resolved, platform, platforms));
    for (Map.Entry<String, Resolved> entry : databases.entrySet()) {
      PlanMemory.Wish wish = Objects.requireNonNull(wishes.get(entry.getKey()));
      entry.setValue(wish.echo());
      if (!wish.findings().isEmpty()) {
        unsupported.put(entry.getKey(), wish.findings());
      }
    }
    return new Desired(
        desired.revision(), databases, unsupported, desired.notes(), desired.rails());
  }

  private static PlanMemory.Wish wish(
      Resolved resolved, @Nullable Platform platform, Map<String, Platform> platforms) {
    if (platform == null) {
      return new PlanMemory.Wish(resolved, null, resolved, List.of(unknown(resolved, platforms)));
    }
    Protection wish = resolved.protection();
    List<Diagnostic> findings = platform.capabilities().unsupported(wish);
    if (!findings.isEmpty()) {
      return new PlanMemory.Wish(resolved, platform, resolved, placed(findings, resolved));
    }
    Protection echo = platform.normalize(wish);
    if (echo.store().isEmpty()) {
      echo = echo.withOptions(StoreFields.own(echo.options()));
    }
    Resolved echoed = echo.equals(wish) ? resolved : resolved.with(echo, resolved.origins());
    return new PlanMemory.Wish(resolved, platform, echoed, List.of());
  }

  private static Diagnostic unknown(Resolved resolved, Map<String, Platform> platforms) {
    String platform = resolved.protection().target().platform();
    return Diagnostic.error(
            "plan.platform", "there is no platform " + platform + " here", at(resolved, "platform"))
        .withHint("there are: " + String.join(", ", platforms.keySet()));
  }

  /** A platform knows the field, but not the line that set it. */
  private static List<Diagnostic> placed(List<Diagnostic> findings, Resolved resolved) {
    List<Diagnostic> placed = new ArrayList<>();
    for (Diagnostic finding : findings) {
      String field = finding.pointer();
      placed.add(
          finding.at() != null
              ? finding
              : new Diagnostic(
                  finding.severity(),
                  finding.code(),
                  finding.message(),
                  finding.hint(),
                  field == null ? resolved.declaredAt() : at(resolved, field),
                  field));
    }
    return placed;
  }

  private static Location at(Resolved resolved, String field) {
    Origin origin = resolved.origins().get(field);
    return origin == null || origin.at() == null ? resolved.declaredAt() : origin.at();
  }
}
