package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Approval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the approvals in the files agree to in one plan, and why some of them do not count. */
final class Agreement {
  static final String CODE = "guard.approval";

  private final Plan plan;
  private final Circumstances circumstances;
  private final List<Approval> counting = new ArrayList<>();
  private final SortedMap<String, Misfit> misfits = new TreeMap<>();
  private final Set<String> agreed = new HashSet<>();

  /**
   * An approval that does not count.
   *
   * @param why to be read after its name
   * @param over true if it is over and done with
   */
  private record Misfit(Approval approval, String why, boolean over) {}

  private Agreement(Plan plan, Circumstances circumstances) {
    this.plan = plan;
    this.circumstances = circumstances;
  }

  static Agreement of(Plan plan, Circumstances circumstances) {
    Agreement agreement = new Agreement(plan, circumstances);
    agreement.judge();
    return agreement;
  }

  boolean allows(String change) {
    return agreed.contains(change);
  }

  /** The approvals that name one of these. */
  List<Approval> naming(Set<String> changes) {
    List<Approval> naming = new ArrayList<>();
    for (Approval approval : counting) {
      if (approval.changes().stream().anyMatch(changes::contains)) {
        naming.add(approval);
      }
    }
    return naming;
  }

  /**
   * Why the approvals that are there do not help.
   *
   * @param open changes that nothing allows
   */
  List<Diagnostic> reasons(Set<String> open) {
    List<Diagnostic> reasons = new ArrayList<>();
    for (Misfit misfit : misfits.values()) {
      Approval approval = misfit.approval();
      if (approval.isFor(plan.hash()) || approval.changes().stream().anyMatch(open::contains)) {
        reasons.add(
            Diagnostic.error(
                    CODE, "approval " + approval.name() + " " + misfit.why(), approval.at())
                .withHint(
                    misfit.over()
                        ? "remove it; the plan needs one of its own"
                        : "replace it by the one that the plan asks for, once somebody agrees"));
      }
    }
    for (Approval approval : counting) {
      List<String> missing = open.stream().filter(c -> !approval.changes().contains(c)).toList();
      reasons.add(
          Diagnostic.error(
                  CODE,
                  "approval "
                      + approval.name()
                      + " fits this plan, but does not name "
                      + Names.some(missing),
                  approval.at())
              .withHint("replace it by the one that the plan asks for, once somebody agrees"));
    }
    return reasons;
  }

  /** What may be cleared away, where nothing is refused. */
  List<Diagnostic> leftOver() {
    List<Diagnostic> notes = new ArrayList<>();
    for (Misfit misfit : misfits.values()) {
      if (misfit.over()) {
        Approval approval = misfit.approval();
        notes.add(
            Diagnostic.note(
                    "approval.spent",
                    "approval " + approval.name() + " " + misfit.why(),
                    approval.at())
                .withHint("it can be removed"));
      }
    }
    return notes;
  }

  private void judge() {
    for (Approval approval : circumstances.rails().approvals().values()) {
      Optional<Misfit> misfit = misfit(approval);
      if (misfit.isPresent()) {
        misfits.put(approval.name(), misfit.get());
      } else {
        counting.add(approval);
      }
    }
    casualties();
    counting.forEach(approval -> agreed.addAll(approval.changes()));
  }

  private Optional<Misfit> misfit(Approval approval) {
    Spent spent = circumstances.precedents().spent().get(approval.digest());
    if (spent != null) {
      return Optional.of(
          new Misfit(
              approval,
              "was used for "
                  + new Revision(spent.revision(), false).describe()
                  + " on "
                  + Figures.timeWithOffset(spent.at().atZone(circumstances.rails().zone()))
                  + ", and is good once",
              true));
    }
    if (!approval.expires().isAfter(circumstances.today())) {
      return Optional.of(
          new Misfit(approval, "no longer counts since " + approval.expires(), false));
    }
    if (!approval.isFor(plan.hash())) {
      return Optional.of(
          new Misfit(
              approval,
              "is for plan "
                  + shortened(approval.plan())
                  + ", and this one is "
                  + shortened(plan.hash()),
              false));
    }
    return circumstances
        .precedents()
        .endorsement()
        .objection(approval, plan)
        .map(why -> new Misfit(approval, why, false));
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }

  /**
   * An approval that is charged more than it agrees to does not count at all. What it would have
   * paid for is charged to those that are left, so no backup goes that nobody pays for.
   */
  private void casualties() {
    boolean settled = false;
    while (!settled) {
      SortedMap<String, Integer> charged = charged();
      settled = true;
      for (Approval approval : List.copyOf(counting)) {
        int going = charged.getOrDefault(approval.name(), 0);
        if (going > approval.backupsDeleted()) {
          settled = false;
          counting.remove(approval);
          misfits.put(
              approval.name(),
              new Misfit(
                  approval,
                  "agrees to "
                      + Figures.count(approval.backupsDeleted(), "backup")
                      + " going, but "
                      + going
                      + " would go",
                  false));
        }
      }
    }
  }

  /**
   * The backups of a database are charged to one approval that names it: the one that agrees to
   * most.
   */
  private SortedMap<String, Integer> charged() {
    SortedMap<String, Integer> charged = new TreeMap<>();
    for (Change change : plan.changes()) {
      int going = plan.permits(change) ? Costs.backups(change) : 0;
      Approval payer = null;
      for (Approval approval : counting) {
        if (names(approval, change)
            && (payer == null || approval.backupsDeleted() > payer.backupsDeleted())) {
          payer = approval;
        }
      }
      if (going > 0 && payer != null) {
        charged.merge(payer.name(), going, Integer::sum);
      }
    }
    return charged;
  }

  /** True if it agrees to something that the change does. */
  private static boolean names(Approval approval, Change change) {
    String name = change.target().name();
    if (change.action() == Action.DELETE) {
      return approval.changes().contains(name);
    }
    for (FieldChange field : change.fields()) {
      if (approval.changes().contains(name + "." + field.path())) {
        return true;
      }
    }
    return false;
  }
}
