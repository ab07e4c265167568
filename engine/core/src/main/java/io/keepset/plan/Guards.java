package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Approval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The guards that every plan passes, whatever the settings say, and the approvals that help. */
public final class Guards {
  private static final List<Guard> ALWAYS =
      List.of(
          new RevisionGuard(),
          new EmptyGuard(),
          new UnsupportedGuard(),
          new SharedTargetGuard(),
          new ComplianceGuard(),
          new StoreGuard(),
          new HoldGuard(),
          new MinimumGuard(),
          new EndorsementGuard(),
          new SettingsGuard(),
          new WeakeningGuard(),
          new BeltGuard());

  private Guards() {}

  /** In the order in which their refusals are printed. */
  public static List<Guard> always() {
    return ALWAYS;
  }

  /** What all of them say, after what was agreed to. */
  public static Verdict judge(List<Guard> guards, Plan plan, Circumstances circumstances) {
    List<Objection> standing = new ArrayList<>();
    Set<String> wanted = new LinkedHashSet<>();
    Agreement agreement = Agreement.of(plan, circumstances);
    for (Guard guard : guards) {
      for (Objection objection : guard.check(plan, circumstances)) {
        objection.change().ifPresent(wanted::add);
        if (objection.change().isEmpty() || !agreement.allows(objection.change().get())) {
          standing.add(objection);
        }
      }
    }
    List<Diagnostic> notes = new ArrayList<>(ComplianceGuard.live(plan, circumstances));
    notes.addAll(SettingsGuard.notes(circumstances));
    if (standing.isEmpty()) {
      List<Approval> used = agreement.naming(wanted);
      used.forEach(approval -> notes.add(given(approval, wanted)));
      notes.addAll(agreement.leftOver());
      return new Verdict(List.of(), Optional.empty(), notes, used);
    }
    Set<String> open = new LinkedHashSet<>();
    standing.forEach(objection -> objection.change().ifPresent(open::add));
    List<Diagnostic> refusals = new ArrayList<>(merged(standing));
    if (!open.isEmpty()) {
      refusals.addAll(agreement.reasons(open));
    }
    boolean hopeless = standing.stream().anyMatch(objection -> objection.change().isEmpty());
    return new Verdict(
        refusals,
        hopeless
            ? Optional.empty()
            : Optional.of(request(plan, circumstances, List.copyOf(wanted), standing)),
        notes,
        List.of());
  }

  /** Whoever reads a plan that passes sees who let it. */
  private static Diagnostic given(Approval approval, Set<String> wanted) {
    List<String> changes = approval.changes().stream().filter(wanted::contains).toList();
    return Diagnostic.note(
            "approval.given",
            "approval "
                + approval.name()
                + " agrees to "
                + Names.some(changes)
                + ", for this plan and once",
            approval.at())
        .withHint("the apply uses it up");
  }

  /** For all that is to be agreed to, so that one block is enough. */
  private static ApprovalRequest request(
      Plan plan, Circumstances circumstances, List<String> changes, List<Objection> standing) {
    Optional<Location> cause =
        standing.stream().flatMap(objection -> objection.at().stream()).findFirst();
    return ApprovalRequest.of(
        plan,
        changes,
        Costs.backups(plan),
        cause.or(() -> anyPlace(plan)),
        circumstances.today(),
        circumstances.rails().approvals().keySet());
  }

  /** What is removed has no line any more; what else is declared has. */
  private static Optional<Location> anyPlace(Plan plan) {
    return plan.changes().stream().flatMap(change -> change.declaredAt().stream()).findFirst();
  }

  /** One refusal for each line and reason, however many databases it concerns. */
  private static List<Diagnostic> merged(List<Objection> objections) {
    Map<Objection, List<Objection>> alike = new LinkedHashMap<>();
    for (Objection objection : objections) {
      alike.computeIfAbsent(objection.ofNobody(), unused -> new ArrayList<>()).add(objection);
    }
    return alike.values().stream().map(Guards::diagnostic).toList();
  }

  private static Diagnostic diagnostic(List<Objection> same) {
    Objection first = same.get(0);
    String subjects = Names.some(same.stream().map(Objection::subject).distinct().toList());
    List<String> changes = same.stream().flatMap(o -> o.change().stream()).toList();
    String hint = first.hint().orElse(null);
    if (!changes.isEmpty()) {
      String approval = "an approval that names " + Names.some(changes) + " lets it pass";
      hint = hint == null ? approval : hint + "; " + approval;
    }
    return Diagnostic.error(
            first.code(), first.lead() + subjects + first.rest(), first.at().orElse(null))
        .withHint(hint);
  }
}
