package io.keepset.app.serve;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.Applying;
import io.keepset.app.Keepset;
import io.keepset.app.PolicyFeed;
import io.keepset.app.http.PlanDesk;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.plan.Precedents;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Limits;
import io.keepset.policy.Limits.Belt;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.DesiredState;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Report;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Plans that {@code keepset apply} brings. Nothing that they say about themselves is believed: what
 * follows from holds and stores is worked out here, what is live is read here, and the same guards
 * judge by what is in force here. What they say about who may approve, about alarms and about how
 * far changes may go is no ground for anything later.
 *
 * <p>An approval that nobody reviewed would be worth as much as the token that brings it. So from
 * less than an admin only those count that the followed policies hold too.
 */
final class BroughtPlans implements PlanDesk {
  private final Follower follower;
  private final Keepset keepset;
  private final Runnable afterApply;

  /**
   * @param afterApply told when something may have been written
   */
  BroughtPlans(Follower follower, Keepset keepset, Runnable afterApply) {
    this.follower = follower;
    this.keepset = keepset;
    this.afterApply = afterApply;
  }

  @Override
  public Report apply(PlanFile brought, Caller by, Consumer<Outcome> heard) throws DriverException {
    boolean admin = by.role().may(Role.ADMIN);
    Mode most = admin ? follower.modeAsked().orElse(Mode.FULL) : follower.modeInForce();
    if (brought.mode().compareTo(most) > 0) {
      throw new DriverException(
          Kind.REJECTED,
          "this server runs in mode "
              + most.word()
              + " and takes no plan in mode "
              + brought.mode().word()
              + ": plan with --mode "
              + most.word());
    }
    return follower.alone(() -> judged(brought, by, heard));
  }

  private Report judged(PlanFile brought, Caller by, Consumer<Outcome> heard)
      throws DriverException {
    Instant now = keepset.clock().instant();
    PolicySet policies = policies(brought, by.role().may(Role.ADMIN));
    Precedents precedents =
        keepset
            .planner()
            .precedents(
                (applied, before, rules) -> new Brought(by, applied, before, rules), policies)
            .withSettings(List.of()); // which are not taken over
    Proposal proposal =
        keepset
            .planner()
            .reconciler(policies, precedents)
            .propose(
                DesiredState.of(brought.desired().revision(), policies, brought.desired().notes()),
                brought.mode(),
                now,
                0);
    Report report;
    if (!proposal.plan().hash().equals(brought.hash())) {
      Diagnostic stale = Reconciler.stale(brought.hash(), proposal.plan());
      report = new Report(proposal.plan(), List.of(stale), List.of(), Optional.empty(), List.of());
    } else if (proposal.refused()) {
      report = Report.refused(proposal);
    } else {
      report =
          Applying.here(keepset, false)
              .apply(new Applying.Order(proposal, policies, precedents), by.name(), now, heard);
      afterApply.run();
    }
    if (report.refused()) {
      keepset
          .audit()
          .note(
              by.name(),
              "apply.refused",
              report.plan().revision().describe(),
              report.refusals().get(0).message());
    }
    return report;
  }

  /** What the plan was made from, with what follows from it left out. */
  private PolicySet policies(PlanFile brought, boolean admin) throws DriverException {
    SortedMap<String, Resolved> databases = new TreeMap<>();
    brought.desired().databases().forEach((name, one) -> databases.put(name, plain(one)));
    SortedMap<String, StoreSpec> stores = new TreeMap<>(keepset.storeSpecs());
    stores.putAll(brought.stores());
    return new PolicySet(
        admin ? brought.settings() : bound(brought.settings()),
        databases,
        stores,
        brought.instances(),
        new TreeMap<>(),
        new TreeMap<>(),
        brought.holds(),
        new TreeMap<>(),
        brought.desired().rails().approvals(),
        0);
  }

  private static Resolved plain(Resolved given) {
    Protection protection = given.protection();
    return new Resolved(
        protection.withOptions(HoldFields.own(StoreFields.own(protection.options()))),
        given.policy(),
        given.origins(),
        given.declaredAt());
  }

  /** No wider limits than those in force. */
  private Settings bound(Settings brought) {
    Limits inForce = follower.settings().map(Settings::limits).orElse(Limits.DEFAULT);
    return new Settings(
        brought.mode(),
        new Limits(
            narrower(brought.limits().backupsDeleted(), inForce.backupsDeleted()),
            narrower(brought.limits().databasesDisabled(), inForce.databasesDisabled())),
        brought.maxConcurrentRuns(),
        brought.suspiciousBelowPercent(),
        brought.alerting(),
        brought.approvals(),
        brought.terraform());
  }

  private static Belt narrower(Belt one, Belt other) {
    return new Belt(Math.min(one.percent(), other.percent()), Math.min(one.count(), other.count()));
  }

  /** How approvals are judged that a request brings. */
  private final class Brought implements ApprovalEndorsement {
    private final Caller by;
    private final Optional<io.keepset.plan.Revision> applied;
    private final ApprovalRules before;
    private final ApprovalRules rules;

    Brought(
        Caller by,
        Optional<io.keepset.plan.Revision> applied,
        ApprovalRules before,
        ApprovalRules rules) {
      this.by = by;
      this.applied = applied;
      this.before = before;
      this.rules = rules;
    }

    @Override
    public Optional<String> objection(Approval approval, Plan plan) {
      Optional<PolicyFeed.Read> followed = follower.read();
      Optional<PolicySet> policies = followed.flatMap(read -> read.policies().set().valid());
      boolean reviewed =
          policies.stream()
              .flatMap(set -> set.approvals().values().stream())
              .anyMatch(one -> one.digest().equals(approval.digest()));
      if (reviewed) {
        return followed
            .orElseThrow()
            .provenance()
            .endorsement(applied, before, policies.orElseThrow().settings().approvals())
            .objection(approval, plan);
      }
      if (!before.and(rules).demandNothing()) {
        return Optional.of(
            "came with a request, where nobody can tell who wrote it: commit it to the policies"
                + " that the server follows");
      }
      return by.role().may(Role.ADMIN)
          ? Optional.empty()
          : Optional.of(
              "came with a token of the role "
                  + by.role()
                  + ", from which only those count that are in the policies that the server"
                  + " follows: commit it there, or use a token with the role admin");
    }

    @Override
    public Optional<String> loosens() {
      return rules.loosen(before)
          ? Optional.of("asks for less than what is in force about who may approve")
          : Optional.empty();
    }
  }
}
