package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Mode;
import io.keepset.policy.Origin;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionFields;
import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is declared with what is there. Pure: no clock, no backups, no I/O; the cost of a
 * database that is as declared is one comparison of two records.
 */
public final class Planner {
  private final Desired desired;
  private final Map<String, Inventory> live;
  private final Unchanged.Pass memory;
  private final Grading grading = new Grading();

  private Planner(Desired desired, Map<String, Inventory> live, Unchanged.Pass memory) {
    this.desired = desired;
    this.live = live;
    this.memory = memory;
  }

  /**
   * The plan without its consequences: impact and next runs.
   *
   * @param live what each platform has, by platform
   */
  public static Plan compare(Desired desired, Map<String, Inventory> live, Mode mode) {
    return compare(desired, live, mode, new Unchanged());
  }

  /** The same; databases that are the same objects as in the last plan cost a look-up. */
  public static Plan compare(
      Desired desired, Map<String, Inventory> live, Mode mode, Unchanged unchanged) {
    Unchanged.Pass memory = unchanged.pass();
    Plan plan = new Planner(desired, live, memory).compare(mode);
    memory.end();
    return plan;
  }

  private Plan compare(Mode mode) {
    List<Change> changes = new ArrayList<>();
    new Walk(desired.databases(), live)
        .each((declared, found) -> changes(declared, found, changes));
    return new Plan(desired.revision(), mode, changes, desired.notes());
  }

  /** All changes of one name, in the order of the platforms. */
  private void changes(
      @Nullable Resolved declared, SortedMap<String, LiveTarget> found, List<Change> changes) {
    String platform = declared == null ? "" : declared.protection().target().platform();
    int from = changes.size();
    for (LiveTarget target : found.values()) {
      if (!target.target().platform().equals(platform)) {
        changes.add(notDeclared(target));
      }
    }
    if (declared != null) {
      changes.add(declared(declared, Optional.ofNullable(found.get(platform)), found.values()));
    }
    if (changes.size() > from + 1) {
      changes.subList(from, changes.size()).sort(Comparator.comparing(Change::target));
    }
  }

  private Change declared(
      Resolved resolved, Optional<LiveTarget> found, Collection<LiveTarget> everywhere) {
    Protection after = resolved.protection();
    Optional<Protection> before = found.flatMap(LiveTarget::protection);
    List<Diagnostic> findings = desired.unsupported().getOrDefault(after.name(), List.of());
    boolean foreign = before.isPresent() && !found.get().owned();
    if (findings.isEmpty() && foreign && before.get().equals(after)) {
      return change(Action.ADOPT, resolved, before, List.of(), List.of());
    }
    if (findings.isEmpty() && foreign) {
      findings = List.of(foreign(resolved));
    }
    if (!findings.isEmpty()) {
      return change(Action.UNSUPPORTED, resolved, before, List.of(), findings);
    }
    if (before.isEmpty()) {
      return change(Action.CREATE, resolved, before, created(resolved, everywhere), List.of());
    }
    Change same = memory.recall(resolved, found.get());
    if (same != null) {
      return same;
    }
    if (before.get().equals(after)) {
      same = change(Action.NONE, resolved, before, List.of(), List.of());
      memory.remember(resolved, found.get(), same);
      return same;
    }
    List<FieldChange> fields = differences(before.get(), resolved);
    if (fields.isEmpty()) {
      throw new IllegalStateException(
          "protections of " + after.target() + " differ, but in no field of ProtectionFields");
    }
    return change(Action.UPDATE, resolved, before, fields, List.of());
  }

  private static Change change(
      Action action,
      Resolved resolved,
      Optional<Protection> before,
      List<FieldChange> fields,
      List<Diagnostic> findings) {
    return new Change(
        action,
        resolved.protection().target(),
        before,
        Optional.of(resolved.protection()),
        fields,
        Impact.NONE,
        List.of(),
        findings,
        Optional.of(resolved.declaredAt()));
  }

  private static Change notDeclared(LiveTarget live) {
    Action action =
        !live.owned()
            ? Action.UNDECLARED
            : live.protection().isPresent() ? Action.DELETE : Action.NONE;
    List<FieldChange> fields = new ArrayList<>();
    if (action == Action.DELETE) {
      for (Map.Entry<String, String> field :
          ProtectionFields.of(live.protection().orElseThrow()).entrySet()) {
        fields.add(
            new FieldChange(
                field.getKey(),
                Optional.of(field.getValue()),
                Optional.empty(),
                Grade.WEAKENS,
                Optional.empty()));
      }
    }
    return new Change(
        action,
        live.target(),
        live.protection(),
        Optional.empty(),
        fields,
        Impact.NONE,
        List.of(),
        List.of(),
        Optional.empty());
  }

  /**
   * What nobody protected before can only gain. Only a database that leaves another platform loses
   * something: what looked after it there ends.
   */
  private List<FieldChange> created(Resolved resolved, Collection<LiveTarget> everywhere) {
    Protection after = resolved.protection();
    boolean moves = livesElsewhere(after.target(), everywhere);
    List<FieldChange> fields = new ArrayList<>();
    for (Map.Entry<String, String> field : ProtectionFields.of(after).entrySet()) {
      String path = field.getKey();
      Grade grade = moves && path.equals("platform") ? Grade.WEAKENS : Grading.ofNew(path);
      fields.add(
          new FieldChange(
              path,
              Optional.empty(),
              Optional.of(field.getValue()),
              grade,
              declaredAt(resolved, path)));
    }
    return fields;
  }

  private List<FieldChange> differences(Protection before, Resolved resolved) {
    Protection after = resolved.protection();
    SortedMap<String, String> old = ProtectionFields.of(before);
    SortedMap<String, String> wanted = ProtectionFields.of(after);
    TreeMap<String, FieldChange> fields = new TreeMap<>();
    for (Map.Entry<String, String> field : wanted.entrySet()) {
      String path = field.getKey();
      String was = old.get(path);
      if (!field.getValue().equals(was)) {
        fields.put(
            path,
            new FieldChange(
                path,
                Optional.ofNullable(was),
                Optional.of(field.getValue()),
                grading.of(path, before, after),
                declaredAt(resolved, path)));
      }
    }
    for (Map.Entry<String, String> field : old.entrySet()) {
      String path = field.getKey();
      if (!wanted.containsKey(path)) {
        fields.put(
            path,
            new FieldChange(
                path,
                Optional.of(field.getValue()),
                Optional.empty(),
                grading.of(path, before, after),
                declaredAt(resolved, path)));
      }
    }
    return List.copyOf(fields.values());
  }

  /** The line that set the field, or the block around it; the database's own for one that went. */
  private static Optional<Location> declaredAt(Resolved resolved, String path) {
    String prefix = path;
    while (true) {
      Origin origin = resolved.origins().get(prefix);
      if (origin != null) {
        return Optional.ofNullable(origin.at());
      }
      int dot = prefix.lastIndexOf('.');
      if (dot < 0) {
        return Optional.of(resolved.declaredAt());
      }
      prefix = prefix.substring(0, dot);
    }
  }

  private static boolean livesElsewhere(TargetId target, Collection<LiveTarget> everywhere) {
    for (LiveTarget there : everywhere) {
      if (!there.target().platform().equals(target.platform())
          && there.owned()
          && there.protection().isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Diagnostic foreign(Resolved resolved) {
    TargetId target = resolved.protection().target();
    return Diagnostic.error(
            "plan.foreign",
            target.name()
                + " already has backup settings on "
                + target.platform()
                + " that Keepset did not make, and they differ from what is declared; it does not"
                + " touch them",
            resolved.declaredAt())
        .withHint(
            "declare them as they are and apply, which takes them over, then change them: keepset"
                + " adopt writes the block; or remove the settings on the platform");
  }
}
