package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Change;
import io.keepset.plan.Desired;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Planner;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How what is live differs from what was last applied, and what is live that nobody declared.
 *
 * @param applied empty if nothing was ever applied; then there is nothing to differ from
 * @param items in order of target
 * @param notes what could not be looked at
 */
public record Drift(Optional<Applied> applied, List<Item> items, List<Diagnostic> notes) {
  private static final Location LIVE = new Location("live", 1, 1);

  public Drift {
    items = List.copyOf(items);
    notes = List.copyOf(notes);
  }

  /** The newest apply; the databases may have been changed by earlier ones. */
  public record Applied(Revision revision, Instant at) {}

  /** In which way something differs. */
  public enum Kind {
    /** Its settings are others than were applied. */
    CHANGED,
    /** What was applied is no longer there. */
    VANISHED,
    /** It is protected as Keepset's own, but no apply did that. */
    APPEARED,
    /** The platform no longer says that it is Keepset's own. */
    DISOWNED,
    /** A schedule of it will not run. */
    IDLE,
    /** It is live, but in no file. */
    UNDECLARED;

    /** As in machine output. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * One finding.
   *
   * @param fields what was applied to what is live, graded; only on CHANGED
   * @param message more in words, where there is more to say
   */
  public record Item(
      Kind kind, TargetId target, List<FieldChange> fields, Optional<String> message) {
    public Item {
      fields = List.copyOf(fields);
    }

    static Item of(Kind kind, TargetId target, String message) {
      return new Item(kind, target, List.of(), Optional.of(message));
    }
  }

  /** True if anything is to be told. */
  public boolean found() {
    return !items.isEmpty();
  }

  public int count(Kind kind) {
    return (int) items.stream().filter(item -> item.kind() == kind).count();
  }

  /** Nothing was ever applied. */
  public static Drift unknown() {
    return new Drift(Optional.empty(), List.of(), List.of());
  }

  /**
   * Pure.
   *
   * @param inForce what was last applied to each target
   * @param live what each platform has, by platform
   * @param idle schedules that will not run: why, by database and schedule as {@code orders
   *     nightly}
   * @param undeclared databases that instances have besides
   */
  public static Drift between(
      Applied applied,
      SortedMap<TargetId, Protection> inForce,
      Map<String, Inventory> live,
      SortedMap<TargetId, String> idle,
      Undeclared undeclared) {
    List<Item> items = new ArrayList<>();
    for (Change change : changes(inForce, live)) {
      switch (change.action()) {
        case UPDATE ->
            items.add(
                new Item(
                    Kind.CHANGED, change.target(), placeless(change.fields()), Optional.empty()));
        case DELETE ->
            items.add(new Item(Kind.VANISHED, change.target(), List.of(), Optional.empty()));
        case CREATE ->
            items.add(new Item(Kind.APPEARED, change.target(), List.of(), Optional.empty()));
        case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> {}
      }
    }
    for (Inventory inventory : live.values()) {
      for (LiveTarget target : inventory.targets().values()) {
        if (!target.owned() && inForce.containsKey(target.target())) {
          items.add(Item.of(Kind.DISOWNED, target.target(), "its mark as Keepset's own is gone"));
        } else if (!target.owned()) {
          items.add(Item.of(Kind.UNDECLARED, target.target(), "live but in no file"));
        }
      }
    }
    idle.forEach((target, why) -> items.add(Item.of(Kind.IDLE, target, why)));
    for (Change change : undeclared.changes()) {
      items.add(Item.of(Kind.UNDECLARED, change.target(), change.findings().get(0).message()));
    }
    items.sort(
        (one, other) -> {
          int byTarget = one.target().compareTo(other.target());
          return byTarget != 0 ? byTarget : one.kind().compareTo(other.kind());
        });
    return new Drift(Optional.of(applied), items, undeclared.notes());
  }

  /** Nobody wrote what is live into a line. */
  private static List<FieldChange> placeless(List<FieldChange> fields) {
    List<FieldChange> bare = new ArrayList<>();
    for (FieldChange field : fields) {
      bare.add(
          new FieldChange(
              field.path(), field.before(), field.after(), field.grade(), Optional.empty()));
    }
    return bare;
  }

  /** Platform by platform: while a database moves, two of them have one of its name. */
  private static List<Change> changes(
      SortedMap<TargetId, Protection> inForce, Map<String, Inventory> live) {
    SortedMap<String, SortedMap<String, LiveTarget>> applied = new TreeMap<>();
    live.keySet().forEach(platform -> applied.put(platform, new TreeMap<>()));
    inForce.forEach(
        (target, protection) ->
            applied
                .computeIfAbsent(target.platform(), unused -> new TreeMap<>())
                .put(target.name(), new LiveTarget(target, Optional.of(protection), true)));
    List<Change> changes = new ArrayList<>();
    applied.forEach(
        (platform, targets) ->
            changes.addAll(
                Planner.compare(
                        asDesired(live.get(platform), inForce),
                        Map.of(platform, new Inventory(targets)),
                        Mode.FULL)
                    .changes()));
    return changes;
  }

  /** What is live takes the place of what is wished, so that the plan's own grades apply. */
  private static Desired asDesired(
      @Nullable Inventory live, SortedMap<TargetId, Protection> inForce) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    Collection<LiveTarget> targets = live == null ? List.of() : live.targets().values();
    for (LiveTarget target : targets) {
      boolean ours = target.owned() || inForce.containsKey(target.target());
      if (ours && target.protection().isPresent()) {
        databases.put(
            target.target().name(),
            new Resolved(target.protection().get(), "live", new TreeMap<>(), LIVE));
      }
    }
    return new Desired(Revision.DIRECTORY, databases, new TreeMap<>(), List.of());
  }
}
