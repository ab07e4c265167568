package io.keepset.app.serve;

import io.keepset.app.EffectiveMode;
import io.keepset.app.Keepset;
import io.keepset.app.Planner;
import io.keepset.app.PolicyFeed;
import io.keepset.app.Rollout;
import io.keepset.app.state.AppliedRevisions;
import io.keepset.app.state.AppliedRevisions.Applied;
import io.keepset.app.terraform.objects.InForceView;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.ApprovalRequest;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Settings;
import io.keepset.reconcile.DesiredState;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.PlanMemory;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Report;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the newest revision of the policies into force, turn by turn. A revision that has
 * mistakes, is refused or can't be read changes nothing: what was in force before stays. Turns
 * never overlap.
 */
final class Follower implements InForceView {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** What was read that long ago is the newest there is, for whoever only looks. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  /** Unchanged policies are compared with the live state that often, to put right what drifted. */
  static final Duration FULL_TURN = Duration.ofMinutes(10);

  private final PolicyFeed feed;
  private final Keepset keepset;
  private final Rollout rollout;
  private final AppliedRevisions applied;
  private final Optional<Mode> mode;
  private final LongSupplier changes;
  private final Runnable afterApply;
  private final TurnLog log = new TurnLog();
  private volatile @Nullable PolicySet remembered;
  private volatile PolicyFeed.@Nullable Read lastValid;
  private volatile @Nullable Turn last;
  private volatile @Nullable Look look;
  private volatile @Nullable Look goodLook;
  private PolicyFeed.@Nullable Read read;
  private volatile @Nullable Instant appliedAt;
  private @Nullable Settled settled;
  private PolicyFeed.@Nullable Read asked;
  private Instant askedAt = Instant.EPOCH;
  private PlanMemory memory = new PlanMemory();
  private Instant memoryFrom = Instant.EPOCH;

  /**
   * @param mode empty leaves it to the policies
   * @param changes how often protections were changed by this process
   * @param afterApply told when something was written
   */
  Follower(
      PolicyFeed feed,
      Keepset keepset,
      AppliedRevisions applied,
      Optional<Mode> mode,
      LongSupplier changes,
      Runnable afterApply) {
    this.feed = feed;
    this.keepset = keepset;
    this.rollout = keepset.rollout(true);
    this.applied = applied;
    this.mode = mode;
    this.changes = changes;
    this.afterApply = afterApply;
  }

  /**
   * When a turn found nothing to do. As long as all of this stays as it was, the next would find
   * nothing either.
   *
   * @param changes how often protections had been changed here
   * @param applied what was applied last, here or on another node
   */
  private record Settled(
      Revision revision, PolicySet policies, long changes, Optional<Applied> applied, Instant at) {
    boolean holds(Settled now) {
      return revision.equals(now.revision)
          && policies.equals(now.policies)
          && changes == now.changes
          && applied.equals(now.applied)
          && now.at.isBefore(at.plus(FULL_TURN));
    }
  }

  /** What was made of the newest revision. */
  record Planned(
      Optional<Plan> plan, List<Diagnostic> diagnostics, Optional<ApprovalRequest> request) {}

  String follows() {
    return feed.describe();
  }

  /** Empty before the first turn. Like its siblings it waits for no turn: one may take minutes. */
  Optional<Turn> last() {
    return Optional.ofNullable(last);
  }

  Optional<Instant> appliedAt() {
    return Optional.ofNullable(appliedAt).or(() -> applied.last().map(Applied::at));
  }

  /** What was applied last, by whichever process on this state. */
  Optional<Revision> appliedRevision() {
    return applied.last().map(Applied::revision);
  }

  @Override
  public Mode mode(PolicySet policies) {
    return EffectiveMode.of(mode, policies.settings());
  }

  /** The last revision without mistakes, in force or not; empty before there is one. */
  Optional<PolicyFeed.Read> valid() {
    return Optional.ofNullable(lastValid);
  }

  /** Of the last revision without mistakes and refusals; empty before there is one. */
  Optional<Settings> settings() {
    return Optional.ofNullable(remembered).map(PolicySet::settings);
  }

  /** As whoever started this wants it; empty leaves it to the policies. */
  Optional<Mode> modeAsked() {
    return mode;
  }

  /** Something that no turn is to come between. */
  interface Work<T> {
    T run() throws DriverException;
  }

  /** Does it while no turn is under way. */
  synchronized <T> T alone(Work<T> work) throws DriverException {
    return work.run();
  }

  /** The newest revision; empty if it can't be read. */
  synchronized Optional<PolicyFeed.Read> read() {
    try {
      return Optional.of(feed.read());
    } catch (DriverException e) {
      LOG.warn("the policies can't be read: {}", words(e));
      return Optional.empty();
    }
  }

  Mode modeInForce() {
    return mode(Optional.ofNullable(remembered).orElse(PolicySet.EMPTY));
  }

  /** Fetch, load, plan, guard, apply. Never throws: how it ended is the turn. */
  synchronized Turn turn() {
    Instant now = keepset.clock().instant();
    Turn turn;
    try {
      turn = run(now);
    } catch (DriverException e) {
      turn = new Turn(now, Optional.empty(), Optional.of(words(e)), List.of());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a bug kept the policies from being followed", e);
      turn =
          new Turn(now, Optional.empty(), Optional.of("keepset has a bug; see the log"), List.of());
    }
    last = turn;
    look(turn);
    log.say(turn);
    return turn;
  }

  private void look(Turn turn) {
    List<SourceFile> files = read == null ? List.of() : read.policies().files();
    Look now = new Look(turn.at(), turn.revision(), files, turn.problem(), turn.diagnostics());
    look = now;
    if (turn.good()) {
      goodLook = now;
    }
  }

  @Override
  public Optional<Look> newest() {
    return Optional.ofNullable(look);
  }

  @Override
  public Optional<Look> inForce() {
    return Optional.ofNullable(goodLook);
  }

  private Turn run(Instant now) throws DriverException {
    PolicyFeed.Read read = feed.read();
    this.read = read;
    List<Diagnostic> diagnostics = read.policies().set().diagnostics();
    Optional<PolicySet> valid = read.policies().set().valid();
    if (valid.isEmpty()) {
      return ended(now, read, "the policy files have mistakes", diagnostics);
    }
    PolicySet policies = valid.get();
    lastValid = read;
    forgetAfterAWhile(now);
    Settled before = settled;
    Settled state =
        new Settled(read.revision(), policies, changes.getAsLong(), applied.last(), now);
    if (before != null && before.holds(state)) {
      return ended(now, read, null, diagnostics);
    }
    settled = null;
    Mode inForce = mode(policies);
    Proposal proposal = propose(read, policies, now);
    if (proposal.refused()) {
      return ended(now, read, "the plan is refused", why(proposal));
    }
    if (inForce != Mode.OBSERVE && !policies.equals(remembered)) {
      rollout.begin(policies);
    }
    remembered = policies;
    if (proposal.plan().applicable().isEmpty()) {
      if (inForce != Mode.OBSERVE) {
        Report nothing = Report.nothingToDo(proposal);
        rollout.settle(policies, nothing);
        rollout.record(policies, nothing, now);
      }
      settled = state;
      return ended(now, read, null, diagnostics);
    }
    Report report =
        reconciler(read, policies)
            .applyExactly(proposal.desired(), inForce, proposal.plan().hash(), now, TurnLog::heard);
    if (report.refused()) {
      return ended(now, read, "the plan is refused", report.refusals());
    }
    rollout.settle(policies, report);
    rollout.note(report, "policies");
    int failures = report.outcomes().size() - report.count(Outcome.Status.DONE);
    rollout.record(policies, report, now);
    appliedAt = now;
    afterApply.run();
    return ended(
        now,
        read,
        failures == 0 ? null : failures + " of " + report.outcomes().size() + " changes failed",
        diagnostics);
  }

  /** What a platform says to a wish may depend on the machine, which nobody tells us of. */
  private void forgetAfterAWhile(Instant now) {
    if (!now.isBefore(memoryFrom.plus(FULL_TURN))) {
      memory = new PlanMemory();
      memoryFrom = now;
    }
  }

  private static List<Diagnostic> why(Proposal proposal) {
    List<Diagnostic> why = new ArrayList<>();
    proposal.plan().changes().forEach(change -> why.addAll(change.findings()));
    why.addAll(proposal.refusals());
    return why;
  }

  private static Turn ended(
      Instant now, PolicyFeed.Read read, @Nullable String problem, List<Diagnostic> diagnostics) {
    return new Turn(now, Optional.of(read.revision()), Optional.ofNullable(problem), diagnostics);
  }

  /** What the newest revision would change now; nothing is written. */
  synchronized Planned plan() throws DriverException {
    PolicyFeed.Read read = recent();
    Optional<PolicySet> valid = read.policies().set().valid();
    if (valid.isEmpty()) {
      return new Planned(Optional.empty(), read.policies().set().diagnostics(), Optional.empty());
    }
    Proposal proposal = propose(read, valid.get(), keepset.clock().instant());
    return new Planned(
        Optional.of(keepset.planner().discovered(valid.get(), proposal.plan())),
        proposal.refusals(),
        proposal.request());
  }

  /** Who asks again and again does not ask the repository as often. */
  private PolicyFeed.Read recent() throws DriverException {
    Instant now = keepset.clock().instant();
    PolicyFeed.Read before = asked;
    if (before == null || !now.isBefore(askedAt.plus(FRESH))) {
      before = feed.read();
      asked = before;
      askedAt = now;
    }
    return before;
  }

  private Proposal propose(PolicyFeed.Read read, PolicySet policies, Instant now)
      throws DriverException {
    return reconciler(read, policies)
        .propose(
            DesiredState.of(read.revision(), policies, read.policies().set().diagnostics(), memory),
            mode(policies),
            now,
            1);
  }

  private Reconciler reconciler(PolicyFeed.Read read, PolicySet policies) throws DriverException {
    Planner planner = keepset.planner();
    return planner.reconciler(policies, planner.precedents(read.provenance(), policies), memory);
  }

  private static String words(DriverException e) {
    String message = String.valueOf(e.getMessage());
    return e.kind() == Kind.TRANSIENT ? message + " (tried again at the next turn)" : message;
  }
}
