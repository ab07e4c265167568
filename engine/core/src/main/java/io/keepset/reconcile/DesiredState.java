package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Desired;
import io.keepset.plan.Revision;
import io.keepset.policy.Declared;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What files ask for, and how the platforms would echo it. Pure. */
public final class DesiredState {
  private DesiredState() {}

  /** What a policy set asks for, in its own words. */
  public static Desired of(Revision revision, PolicySet policies) {
    return new Desired(revision, policies.protections(), new TreeMap<>(), notes(policies));
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
      databases.put(
          entry.getKey(),
          echo.equals(wish)
              ? resolved
              : new Resolved(echo, resolved.policy(), resolved.origins(), resolved.declaredAt()));
    }
    return new Desired(desired.revision(), databases, unsupported, desired.notes());
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
    var origin = resolved.origins().get(field);
    return origin == null || origin.at() == null ? resolved.declaredAt() : origin.at();
  }

  /** Blocks that are read and checked, but that nothing acts on yet. */
  private static List<Diagnostic> notes(PolicySet policies) {
    List<Diagnostic> notes = new ArrayList<>();
    for (Declared hold : policies.holds().values()) {
      notes.add(idle("plan.hold", "hold " + hold.name(), "it keeps no backup", hold.at()));
    }
    for (Declared rule : policies.compliance().values()) {
      notes.add(
          idle("plan.compliance", "compliance " + rule.name(), "it refuses no plan", rule.at()));
    }
    for (Declared approval : policies.approvals().values()) {
      notes.add(
          idle(
              "plan.approval",
              "approval " + approval.name(),
              "it lets no change pass",
              approval.at()));
    }
    copies(policies.protections()).forEach(notes::add);
    return notes;
  }

  private static Collection<Diagnostic> copies(SortedMap<String, Resolved> protections) {
    TreeMap<String, Diagnostic> byPlace = new TreeMap<>();
    for (Resolved resolved : protections.values()) {
      for (String name : resolved.protection().copies().keySet()) {
        Location at = at(resolved, "copy." + name + ".to");
        byPlace.putIfAbsent(
            at.toString(), idle("plan.copy", "copy " + name, "no backup is copied", at));
      }
    }
    return byPlace.values();
  }

  private static Diagnostic idle(String code, String what, String so, Location at) {
    return Diagnostic.note(code, what + " is checked, but not acted on by this version: " + so, at);
  }
}
