package io.keepset.plan;

import static io.keepset.plan.Grade.NEUTRAL;
import static io.keepset.plan.Grade.STRENGTHENS;
import static io.keepset.plan.Grade.WEAKENS;

import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Copy;
import io.keepset.policy.Demand;
import io.keepset.policy.HeldDays;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Objective;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a change of one field strengthens or weakens a protection. Total: every path has a grade,
 * and a path that nothing is known about weakens, so that a field that is added to the language and
 * forgotten here costs a question rather than a backup.
 *
 * <p>Takes both protections rather than two texts, because some fields mean something only beside
 * others: the first retention rule ends "keep everything", however generous the rule is.
 *
 * <p>One per plan, as it remembers what it learnt about schedules.
 */
final class Grading {
  /** Who Keepset is when it connects, not what it connects to. */
  private static final Set<String> ACCESS =
      Set.of("user", "password", "password_file", "sslmode", "access_key", "secret_key", "region");

  private final ScheduleGrading schedules = new ScheduleGrading();

  /** The grade of a field of a database that nobody protected before. */
  static Grade ofNew(String path) {
    return switch (head(path)) {
      case "schedule", "point_in_time", "copy", "hold", "compliance" -> STRENGTHENS;
      default -> NEUTRAL;
    };
  }

  /**
   * The grade of a field that differs between two protections.
   *
   * @param path as in {@link io.keepset.policy.ProtectionFields}
   */
  Grade of(String path, Protection before, Protection after) {
    String rest = rest(path);
    return switch (head(path)) {
      case "schedule" -> schedules.of(rest, before, after);
      case "retention" -> RetentionGrading.of(rest, before.retention(), after.retention());
      case "point_in_time" -> longerIsBetter(before.pointInTime(), after.pointInTime());
      case "copy" -> copy(rest, before.copies(), after.copies());
      case "final_backup" -> after.finalBackup() ? STRENGTHENS : WEAKENS;
      case "grace" -> longerIsBetter(Optional.of(before.grace()), Optional.of(after.grace()));
      case "objective" -> objective(rest, before.objective(), after.objective());
      case "backups" -> suspension(rest, before.suspension(), after.suspension());
      // Labels select; what they select may weaken, and is graded where it does.
      case "labels" -> NEUTRAL;
      // Earlier backups stay where they are, but the new place does not know them.
      case "store" ->
          before.store().isEmpty()
              ? NEUTRAL
              : rest.isEmpty() ? WEAKENS : StoreGrading.of(rest, before, after);
      // Another database may be behind another address: earlier backups then say nothing of it.
      case "connection" -> isAccess(path) ? NEUTRAL : WEAKENS;
      case "hold" -> hold(rest, before, after);
      case "compliance" -> compliance(path, before, after);
      default -> WEAKENS;
    };
  }

  /** True if the field says how to get in, not where. */
  static boolean isAccess(String path) {
    String field = head(rest(path));
    return head(path).equals("connection") && (ACCESS.contains(field) || field.equals("tls"));
  }

  /** Holding as much as before, for as long, never weakens. */
  private static Grade hold(String name, Protection before, Protection after) {
    HeldDays old = HoldFields.of(before).get(name);
    HeldDays wanted = HoldFields.of(after).get(name);
    return old == null || (wanted != null && wanted.covers(old)) ? STRENGTHENS : WEAKENS;
  }

  /** Demanding as much as before never weakens. */
  private static Grade compliance(String path, Protection before, Protection after) {
    if (after.options().get(path).isEmpty()) {
      return WEAKENS;
    }
    Demand old = ComplianceFields.demands(before).get(path);
    Demand wanted = ComplianceFields.demands(after).get(path);
    return old == null || wanted == null ? STRENGTHENS : grade(wanted.compareStrictness(old));
  }

  static Grade longerIsBetter(Optional<Duration> before, Optional<Duration> after) {
    return grade(after.orElse(Duration.ZERO).compareTo(before.orElse(Duration.ZERO)));
  }

  /** STRENGTHENS for more, WEAKENS for less. */
  static Grade grade(int comparison) {
    return comparison == 0 ? NEUTRAL : comparison > 0 ? STRENGTHENS : WEAKENS;
  }

  /** Before the first dot. */
  static String head(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** Behind the first dot. */
  static String rest(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? "" : path.substring(dot + 1);
  }

  private static Grade copy(String path, Map<String, Copy> before, Map<String, Copy> after) {
    Copy old = before.get(head(path));
    Copy wanted = after.get(head(path));
    if (old == null || wanted == null) {
      return old == null ? STRENGTHENS : WEAKENS;
    }
    String field = rest(path);
    return head(field).equals("retention")
        ? RetentionGrading.of(rest(field), old.retention(), wanted.retention())
        : WEAKENS;
  }

  private static Grade objective(String field, Objective before, Objective after) {
    return switch (field) {
      case "rpo" -> tighterIsBetter(before.rpo(), after.rpo());
      case "rto" -> tighterIsBetter(before.rto(), after.rto());
      case "verified_within" -> tighterIsBetter(before.verifiedWithin(), after.verifiedWithin());
      default -> WEAKENS;
    };
  }

  private static Grade tighterIsBetter(Optional<Duration> before, Optional<Duration> after) {
    if (before.isEmpty() || after.isEmpty()) {
      return before.isEmpty() ? STRENGTHENS : WEAKENS;
    }
    return grade(before.get().compareTo(after.get()));
  }

  private static Grade suspension(
      String field, Optional<Suspension> before, Optional<Suspension> after) {
    if (field.equals("reason")) {
      return NEUTRAL;
    }
    if (before.isEmpty() || after.isEmpty()) {
      return before.isEmpty() ? WEAKENS : STRENGTHENS;
    }
    if (field.equals("until")) {
      LocalDate old = before.get().until().orElse(LocalDate.MAX);
      return grade(old.compareTo(after.get().until().orElse(LocalDate.MAX)));
    }
    return before.get().disabled() && !after.get().disabled() ? STRENGTHENS : WEAKENS;
  }
}
