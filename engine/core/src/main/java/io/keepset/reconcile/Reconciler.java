package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Circumstances;
import io.keepset.plan.Desired;
import io.keepset.plan.Guard;
import io.keepset.plan.Guards;
import io.keepset.plan.Inventory;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Precedents;
import io.keepset.plan.RetentionReach;
import io.keepset.plan.Stock;
import io.keepset.plan.Verdict;
import io.keepset.plan.Weighing;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.Holding;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * From one revision of the policy files to applied changes. Commands stop earlier or later on the
 * same line; a schedule, a webhook and a person enter at the same door.
 *
 * <p>A mistake in the files, a refusal and a platform's failure are values in the {@link Report};
 * only a platform that can't be read ends a run with a {@link DriverException}, because nothing can
 * be planned against what is unknown. Nothing is written then.
 */
public final class Reconciler {
  private final SortedMap<String, Platform> platforms;
  private final List<Guard> guards;
  private final Retry retry;
  private final Precedents precedents;
  private final PlanMemory memory;

  /**
   * @param platforms by name; whoever owns them closes them
   * @param precedents what happened before, for the guards
   */
  public Reconciler(
      Map<String, Platform> platforms, List<Guard> guards, Retry retry, Precedents precedents) {
    this(platforms, guards, retry, precedents, new PlanMemory());
  }

  /**
   * @param memory of earlier plans of the same policies; a platform that would answer otherwise
   *     about a wish than in those is another object
   */
  public Reconciler(
      Map<String, Platform> platforms,
      List<Guard> guards,
      Retry retry,
      Precedents precedents,
      PlanMemory memory) {
    this.memory = memory;
    this.platforms = new TreeMap<>(platforms);
    this.guards = List.copyOf(guards);
    this.retry = retry;
    this.precedents = precedents;
  }

  /** The whole line, station by station. */
  public Report run(Fetch fetch, Load load, Mode mode, Instant now) throws DriverException {
    Fetched files = fetch.fetch();
    Validated<PolicySet> policies = load.load(files);
    if (policies.valid().isEmpty()) {
      return Report.mistaken(files.revision(), mode, policies.diagnostics());
    }
    return run(
        DesiredState.of(files.revision(), policies.valid().get(), policies.diagnostics()),
        mode,
        now);
  }

  /** The line from its third station on. */
  public Report run(Desired desired, Mode mode, Instant now) throws DriverException {
    Proposal proposal = propose(desired, mode, now, 0);
    return proposal.refused() ? Report.refused(proposal) : apply(proposal, now, outcome -> {});
  }

  /**
   * Plans and asks the guards. Writes nothing.
   *
   * @param runs how many next runs to name, as in {@link Weighing#weigh}
   */
  public Proposal propose(Desired desired, Mode mode, Instant now, int runs)
      throws DriverException {
    Desired normalized = DesiredState.normalized(desired, platforms, memory);
    SortedMap<String, Inventory> live = read();
    Plan compared = Planner.compare(normalized, live, mode, memory.unchanged());
    SortedMap<String, List<String>> questions = Weighing.questions(compared, live);
    Map<TargetId, List<Backup>> backups = backups(questions);
    Function<Backup, List<String>> holds = holds(questions);
    Plan plan = Weighing.weigh(compared, new Stock(backups, holds, reach()), now, runs);
    Circumstances circumstances =
        new Circumstances(
            normalized.rails(),
            precedents,
            normalized.databases(),
            backups,
            holds,
            restorable(plan, live),
            now);
    Verdict verdict = Guards.judge(guards, plan, circumstances);
    return new Proposal(normalized, plan.withNotes(verdict.notes()), verdict);
  }

  /** Those that no plan changes. */
  private Function<Backup, List<String>> holds(SortedMap<String, List<String>> questions)
      throws DriverException {
    Map<String, Holding> holds = new HashMap<>();
    for (Map.Entry<String, List<String>> question : questions.entrySet()) {
      Platform platform = platforms.get(question.getKey());
      if (platform != null) {
        retry
            .call(() -> platform.holds(question.getValue()))
            .forEach((name, holding) -> holds.merge(name, holding, Holding::and));
      }
    }
    return backup -> holds.getOrDefault(backup.database(), Holding.NONE).apply(backup);
  }

  /** All backups are counted only where some are to go. */
  private SortedMap<String, Integer> restorable(Plan plan, SortedMap<String, Inventory> live)
      throws DriverException {
    SortedMap<String, List<String>> names = new TreeMap<>();
    for (Change change : plan.changes()) {
      Inventory inventory = live.get(change.target().platform());
      boolean costs =
          !change.impact().casualties().isEmpty() || !change.impact().outOfReach().isEmpty();
      if (costs && inventory != null) {
        names.put(change.target().platform(), List.copyOf(inventory.targets().keySet()));
      }
    }
    SortedMap<String, Integer> counts = new TreeMap<>();
    backups(names)
        .forEach(
            (target, backups) ->
                counts.merge(
                    target.platform(),
                    (int) backups.stream().filter(Reconciler::isRestorable).count(),
                    Integer::sum));
    return counts;
  }

  private static boolean isRestorable(Backup backup) {
    return switch (backup.state()) {
      case CREATED, RESTORING -> true;
      case CREATING, FAILED, EXPIRED, DELETED -> false;
    };
  }

  /**
   * Applies a plan that somebody looked at, exactly or not at all: plans anew against what is live
   * now, and refuses if that comes to other decisions.
   *
   * @param hash of the plan that was looked at
   * @param heard of each change as it ends
   */
  public Report applyExactly(
      Desired desired, Mode mode, String hash, Instant now, Consumer<Outcome> heard)
      throws DriverException {
    Proposal proposal = propose(desired, mode, now, 0);
    if (!proposal.plan().hash().equals(hash)) {
      return Report.refused(proposal.plan(), List.of(stale(hash, proposal.plan())));
    }
    return proposal.refused() ? Report.refused(proposal) : apply(proposal, now, heard);
  }

  /** Why a plan that was looked at can no longer be applied. */
  public static Diagnostic stale(String hash, Plan plan) {
    return Diagnostic.error(
            "plan.stale",
            "stale plan: it has hash "
                + hash.substring(0, Math.min(12, hash.length()))
                + ", but what is live now calls for "
                + plan.hash().substring(0, 12)
                + "; nothing was changed",
            null)
        .withHint("plan again, look at it, and apply that");
  }

  private SortedMap<String, Inventory> read() throws DriverException {
    TreeMap<String, Inventory> live = new TreeMap<>();
    for (Map.Entry<String, Platform> platform : platforms.entrySet()) {
      live.put(platform.getKey(), retry.call(platform.getValue()::read));
    }
    return live;
  }

  private Map<String, RetentionReach> reach() {
    Map<String, RetentionReach> reach = new HashMap<>();
    platforms.forEach(
        (name, platform) -> reach.put(name, platform.capabilities().retentionReach()));
    return reach;
  }

  private Map<TargetId, List<Backup>> backups(SortedMap<String, List<String>> questions)
      throws DriverException {
    Map<TargetId, List<Backup>> answers = new HashMap<>();
    for (Map.Entry<String, List<String>> question : questions.entrySet()) {
      Platform platform = platforms.get(question.getKey());
      if (platform != null) {
        retry
            .call(() -> platform.backups(question.getValue()))
            .forEach((name, list) -> answers.put(new TargetId(question.getKey(), name), list));
      }
    }
    return answers;
  }

  /** In plan order; what fails leaves the others alone. */
  private Report apply(Proposal proposal, Instant now, Consumer<Outcome> heard) {
    List<Outcome> outcomes = new ArrayList<>();
    Set<String> notCreated = new HashSet<>();
    for (Change change : proposal.plan().applicable()) {
      Outcome outcome = apply(change, notCreated, now);
      if (change.action() == Action.CREATE && outcome.status() != Outcome.Status.DONE) {
        notCreated.add(change.target().name());
      }
      outcomes.add(outcome);
      heard.accept(outcome);
    }
    return Report.applied(proposal, outcomes);
  }

  private Outcome apply(Change change, Set<String> notCreated, Instant now) {
    if (Thread.currentThread().isInterrupted()) {
      return Outcome.skipped(change, "stopped before it began");
    }
    boolean ends = change.action() == Action.DELETE;
    if (ends && notCreated.contains(change.target().name())) {
      return Outcome.skipped(
          change, "the platform it moves to did not take it, so this one goes on");
    }
    Platform platform = platforms.get(change.target().platform());
    if (platform == null) {
      throw new IllegalStateException("a plan was made for no platform: " + change.target());
    }
    try {
      Optional<Backup> last =
          ends ? FinalBackup.of(change, platform, retry, now) : Optional.empty();
      retry.call(
          () -> {
            platform.apply(change);
            return change;
          });
      return Outcome.done(change, last);
    } catch (DriverException e) {
      return Outcome.failed(change, String.valueOf(e.getMessage()));
    }
  }
}
