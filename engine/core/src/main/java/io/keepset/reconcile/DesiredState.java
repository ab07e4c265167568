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
import io.keepset.policy.StoreSpec;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What files ask for, and how the platforms would echo it. Pure. */
public final class DesiredState {
  private DesiredState() {}

  /**
   * What a policy set asks for, in its own words.
   *
   * @param said about the files when they were loaded; its notes go into the plan
   */
  public static Desired of(Revision revision, PolicySet policies, List<Diagnostic> said) {
    List<Diagnostic> notes = new ArrayList<>();
    for (Diagnostic diagnostic : said) {
      if (diagnostic.severity() == Severity.NOTE) {
        notes.add(diagnostic);
      }
    }
    notes.addAll(copies(policies.protections()));
    return new Desired(
        revision, withStores(policies), new TreeMap<>(), notes, GuardRails.of(policies));
  }

  private static SortedMap<String, Resolved> withStores(PolicySet policies) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    policies
        .protections()
        .forEach(
            (name, resolved) -> {
              Optional<StoreSpec> store =
                  resolved
                      .protection()
                      .store()
                      .flatMap(named -> Optional.ofNullable(policies.stores().get(named)));
              databases.put(
                  name, store.map(spec -> StoreFields.add(resolved, spec)).orElse(resolved));
            });
    return databases;
  }

  /** The same in the words of the platforms, and what they can't do. Twice is as good as once. */
  static Desired normalized(Desired desired, Map<String, Platform> platforms) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    TreeMap<String, List<Diagnostic>> unsupported = new TreeMap<>();
    for (Map.Entry<String, Resolved> entry : desired.databases().entrySet()) {
      Resolved resolved = entry.getValue();
      Protection wish = resolved.protection();
      Platform platform = platforms.get(wish.target().platform());
      if (platform == null) {
        databases.put(entry.getKey(), resolved);
        unsupported.put(entry.getKey(), List.of(unknown(resolved, platforms)));
        continue;
      }
      List<Diagnostic> findings = platform.capabilities().unsupported(wish);
      if (!findings.isEmpty()) {
        databases.put(entry.getKey(), resolved);
        unsupported.put(entry.getKey(), placed(findings, resolved));
        continue;
      }
      Protection echo = platform.normalize(wish);
      if (echo.store().isEmpty()) {
        echo = echo.withOptions(StoreFields.own(echo.options()));
      }
      databases.put(
          entry.getKey(),
          echo.equals(wish)
              ? resolved
              : new Resolved(echo, resolved.policy(), resolved.origins(), resolved.declaredAt()));
    }
    return new Desired(
        desired.revision(), databases, unsupported, desired.notes(), desired.rails());
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

  /** One note per line that asks for a copy, however many databases share it. */
  private static Collection<Diagnostic> copies(SortedMap<String, Resolved> protections) {
    TreeMap<Location, Diagnostic> byPlace = new TreeMap<>();
    for (Resolved resolved : protections.values()) {
      for (String name : resolved.protection().copies().keySet()) {
        Location at = at(resolved, "copy." + name + ".to");
        byPlace.putIfAbsent(
            at,
            Diagnostic.note(
                "later.copy",
                "copy " + name + " is checked, but this version does not act on it",
                at));
      }
    }
    return byPlace.values();
  }
}
