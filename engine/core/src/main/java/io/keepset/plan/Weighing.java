package io.keepset.plan;

import io.keepset.policy.Copy;
import io.keepset.policy.Many;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.Copies;
import io.keepset.retention.KeepSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds to a plan what its changes lead to: which backups they cost, what comes along besides, and
 * when the next runs are. What turns out to cost a backup weakens, whatever its fields looked like.
 * Nothing of it takes part in the plan's hash. Pure.
 */
public final class Weighing {
  /** What can neither cost a backup nor say anything about those that are there. */
  private static final Set<String> HARMLESS = Set.of("labels", "objective", "final_backup");

  /** What decides which backups are kept; to blame first where some go. */
  private static final Set<String> RULES =
      Set.of("retention", "schedule", "grace", "copy", "point_in_time");

  private final Stock stock;
  private final Instant now;
  private final int runs;

  private Weighing(Stock stock, Instant now, int runs) {
    this.stock = stock;
    this.now = now;
    this.runs = runs;
  }

  /**
   * The databases whose backups {@link #weigh} must know, by platform: those whose change can cost
   * backups, or says something about them.
   */
  public static SortedMap<String, List<String>> questions(Plan plan, Map<String, Inventory> live) {
    SortedMap<String, List<String>> names = new TreeMap<>();
    for (Change change : plan.changes()) {
      boolean asks =
          switch (change.action()) {
            // Backups may be left from the time before its block was removed.
            case CREATE -> isKnown(change, live);
            case UPDATE -> concernsBackups(change);
            case DELETE -> true;
            case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> false;
          };
      if (asks) {
        names
            .computeIfAbsent(change.target().platform(), unused -> new ArrayList<>())
            .add(change.target().name());
      }
    }
    return names;
  }

  /**
   * @param runs how many next runs to name of new and changed schedules; if more than one, of all
   *     schedules
   */
  public static Plan weigh(Plan plan, Stock stock, Instant now, int runs) {
    Weighing weighing = new Weighing(stock, now, runs);
    List<Change> changes = plan.changes();
    int writing = (int) changes.stream().filter(change -> change.action().writes()).count();
    return plan.withChanges(Many.stream(changes, writing).map(weighing::weigh).toList());
  }

  private Change weigh(Change change) {
    return switch (change.action()) {
      case CREATE, UPDATE ->
          blamed(change.withForecast(impact(change), Runs.ahead(change, now, runs)));
      case DELETE -> change.withForecast(staying(change), List.of());
      case NONE, ADOPT ->
          runs > 1 ? change.withForecast(Impact.NONE, Runs.ahead(change, now, runs)) : change;
      case UNDECLARED, UNSUPPORTED -> change;
    };
  }

  private static boolean isKnown(Change change, Map<String, Inventory> live) {
    Inventory inventory = live.get(change.target().platform());
    return inventory != null && inventory.targets().containsKey(change.target().name());
  }

  private static boolean concernsBackups(Change change) {
    for (FieldChange field : change.fields()) {
      if (!HARMLESS.contains(Grading.head(field.path())) && !Grading.isAccess(field.path())) {
        return true;
      }
    }
    return false;
  }

  private Impact impact(Change change) {
    List<Backup> all = stock.of(change.target());
    Protection after = change.after().orElseThrow();
    List<Backup> originals = Copies.originals(all);
    Toll toll =
        new Toll(
            change.before(),
            after,
            stock.reach(change.target()),
            KeepSet.freeze(originals).isPresent(),
            stock.holds(),
            now);
    Impact impact = toll.of(originals, change.before().map(Protection::rules), after.rules());
    for (Copy copy : after.copies().values()) {
      impact = impact.with(toll.of(Copies.of(all, copy), rules(change, copy), copy.retention()));
    }
    impact = impact.withOutOfReach(OutOfReach.of(change, all));
    return impact.withEffects(SideEffects.of(change, impact, stock, now));
  }

  /** What decided about the same copies before; empty if nothing did, and they stayed. */
  private static Optional<Retention> rules(Change change, Copy copy) {
    for (Copy old : change.before().map(Protection::copies).orElseGet(TreeMap::new).values()) {
      if (Copies.Group.of(old).equals(Copies.Group.of(copy))) {
        return Optional.of(old.retention());
      }
    }
    return Optional.empty();
  }

  private Impact staying(Change change) {
    List<Backup> all = stock.of(change.target());
    List<Backup> staying = Toll.restorable(all);
    Span span = Span.of(staying, now);
    Impact impact =
        new Impact(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            staying,
            staying.size(),
            Duration.ZERO,
            span,
            span,
            List.of());
    return impact.withEffects(SideEffects.of(change, impact, stock, now));
  }

  /** The same change, with what costs backups graded so. */
  private static Change blamed(Change change) {
    if (!change.impact().costs() || change.weakens()) {
      return change;
    }
    boolean rules = change.fields().stream().anyMatch(Weighing::isRule);
    List<FieldChange> fields = new ArrayList<>();
    for (FieldChange field : change.fields()) {
      boolean guilty =
          change.before().isEmpty()
              ? Grading.head(field.path()).equals("retention")
                  || Grading.head(field.path()).equals("copy")
              : isRule(field) || !rules;
      fields.add(guilty ? field.graded(Grade.WEAKENS) : field);
    }
    return change.withFields(fields);
  }

  private static boolean isRule(FieldChange field) {
    return RULES.contains(Grading.head(field.path()));
  }
}
