package io.keepset.app.terraform.read;

import io.keepset.app.Keepset;
import io.keepset.app.LoadedPolicies;
import io.keepset.app.Planner;
import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyFiles;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Resolved;
import io.keepset.reconcile.DesiredState;
import io.keepset.reconcile.PlanMemory;
import io.keepset.reconcile.Proposal;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.read.Trial;
import io.keepset.terraform.read.Trials;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Plans policies that need not be in force, one at a time: what is loaded and asked of platforms is
 * remembered from one to the next, so that the cost follows what differs. Nothing is fetched,
 * written or taken up.
 */
public final class TriedPolicies implements Trials {
  private static final int REMEMBERED = 8;

  /** Impact and next runs follow the clock. */
  private static final Duration LASTS = Duration.ofMinutes(1);

  /** A platform may answer otherwise about a wish after a while. */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final Keepset keepset;
  private final Policies policies;
  private final PolicyFeed feed;
  private final Function<PolicySet, Mode> mode;
  private final Supplier<Object> mark;
  private final PolicyLoader loader = new PolicyLoader();
  private PlanMemory memory = new PlanMemory();
  private Instant memoryFrom = Instant.EPOCH;
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * A plan of a commit.
   *
   * @param mark what it was made from besides
   */
  private record Known(Trial trial, Object mark, Instant at) {}

  /**
   * @param feed whose commits are planned; it is not read
   * @param mark what else a plan depends on: another one, another plan
   */
  public TriedPolicies(
      Keepset keepset,
      Policies policies,
      PolicyFeed feed,
      Function<PolicySet, Mode> mode,
      Supplier<Object> mark) {
    this.keepset = keepset;
    this.policies = policies;
    this.feed = feed;
    this.mode = mode;
    this.mark = mark;
  }

  @Override
  public synchronized Optional<Trial> ofCommit(String commit) throws DriverException {
    Optional<PolicyFeed.Read> found = feed.at(commit);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    PolicyFeed.Read read = found.get();
    Instant now = keepset.clock().instant();
    Object markNow = mark.get();
    Known before = known.get(read.revision().id());
    if (before != null && before.mark().equals(markNow) && now.isBefore(before.at().plus(LASTS))) {
      return Optional.of(before.trial());
    }
    Trial trial = plan(read, now);
    known.put(read.revision().id(), new Known(trial, markNow, now));
    return Optional.of(trial);
  }

  @Override
  public synchronized Trial ofFiles(List<SourceFile> files, boolean overFollowed)
      throws DriverException {
    SortedMap<String, SourceFile> all = new TreeMap<>();
    Revision revision = Revision.DIRECTORY;
    if (overFollowed) {
      PolicyFeed.Read followed = followed();
      followed.policies().files().forEach(file -> all.put(file.path(), file));
      revision = new Revision(followed.revision().id(), true);
    }
    files.forEach(file -> all.put(file.path(), file));
    Instant now = keepset.clock().instant();
    LoadedPolicies loaded =
        LoadedPolicies.load(
            new PolicyFiles(List.copyOf(all.values()), List.of()),
            loader,
            LocalDate.ofInstant(now, ZoneOffset.UTC));
    return plan(new PolicyFeed.Read(revision, loaded, PolicyFeed.Provenance::unknown), now);
  }

  @Override
  public Collection<Resolved> declared() throws DriverException {
    return followed().policies().set().valid().orElse(PolicySet.EMPTY).protections().values();
  }

  private PolicyFeed.Read followed() throws DriverException {
    return policies
        .valid()
        .orElseThrow(
            () ->
                new DriverException(
                    Kind.TRANSIENT,
                    "the server has not read policies without mistakes yet; see"
                        + " /terraform/v1/status"));
  }

  private Trial plan(PolicyFeed.Read read, Instant now) throws DriverException {
    Optional<PolicySet> valid = read.policies().set().valid();
    if (valid.isEmpty()) {
      return new Trial(
          read.revision(), Optional.empty(), List.of(), read.policies().set().diagnostics());
    }
    if (!now.isBefore(memoryFrom.plus(MEMORY))) {
      memory = new PlanMemory();
      memoryFrom = now;
    }
    PolicySet set = valid.get();
    Planner planner = keepset.planner();
    Proposal proposal =
        planner
            .reconciler(set, planner.precedents(read.provenance(), set), memory)
            .propose(
                DesiredState.of(read.revision(), set, read.policies().set().diagnostics(), memory),
                mode.apply(set),
                now,
                1);
    return new Trial(
        read.revision(),
        Optional.of(proposal.plan()),
        proposal.refusals(),
        read.policies().set().diagnostics());
  }
}
