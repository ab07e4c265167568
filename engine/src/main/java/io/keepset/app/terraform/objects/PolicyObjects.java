package io.keepset.app.terraform.objects;

import io.keepset.app.Keepset;
import io.keepset.app.WritablePolicies;
import io.keepset.app.WritablePolicies.Base;
import io.keepset.app.WritablePolicies.Draft;
import io.keepset.app.WritablePolicies.Edit;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Revision;
import io.keepset.reconcile.Proposal;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.objects.ObjectName;
import io.keepset.terraform.objects.Objects;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects in the policies that are followed. A change is read, planned and judged against the
 * newest files, made as one edit of one file, and lost races are run again from the start; what the
 * guards refuse is not made. One change at a time in this process; others may write elsewhere.
 */
public final class PolicyObjects implements Objects {
  /** A repository where others win that often is told about, not fought with. */
  private static final int ATTEMPTS = 8;

  private final WritablePolicies policies;
  private final Keepset keepset;
  private final Settings settings;
  private final ObjectFiles files;
  private final Judge judge;
  private final Arrival arrival;
  private final Object readers = new Object();
  private @Nullable Opened opened;

  /**
   * What readers were given.
   *
   * @param from the nanosecond at which the look began
   */
  private record Opened(Optional<String> branch, long from, Base base) {}

  /**
   * How objects are written.
   *
   * @param folder of their files, below the root of the policies
   * @param branches what the names of branches must begin with
   */
  public record Settings(String folder, String branches) {
    private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");

    /** Without settings of its own. */
    public static final Settings USUAL = new Settings("keepset.d/terraform", "tf/");

    /**
     * @throws IllegalArgumentException with what is allowed
     */
    public Settings {
      boolean inside =
          FOLDER.matcher(folder).matches()
              && Arrays.stream(folder.split("/", -1)).noneMatch(PolicyObjects::hidden);
      if (!inside) {
        throw new IllegalArgumentException(
            "the folder for objects must be below the policies, of letters, digits, dots, dashes"
                + " and underscores, and not hidden, was "
                + folder);
      }
      if (branches.isBlank()) {
        throw new IllegalArgumentException(
            "branches for objects must begin with something, such as tf/: else any branch could be"
                + " written");
      }
    }
  }

  /** Hidden files are no policy files; dots alone lead elsewhere. */
  private static boolean hidden(String step) {
    return step.isEmpty() || step.startsWith(".");
  }

  /**
   * @param wake makes the engine look at the policies at once
   */
  public PolicyObjects(
      WritablePolicies policies,
      Keepset keepset,
      InForceView inForce,
      Runnable wake,
      Settings settings) {
    this.policies = policies;
    this.keepset = keepset;
    this.settings = settings;
    this.files = new ObjectFiles(settings.folder());
    this.judge = new Judge(keepset, inForce, files);
    this.arrival = new Arrival(inForce, files, wake);
  }

  @Override
  public Optional<MapNode> read(ObjectName object, Optional<String> branch) throws DriverException {
    return files.content(object, reading(branch).files().files());
  }

  @Override
  public Optional<MapNode> status(ObjectName object, Optional<String> branch)
      throws DriverException {
    Base base = reading(branch);
    Optional<SourceFile> file = files.find(object, base.files().files());
    return file.map(there -> arrival.status(object, base, there));
  }

  /** Terraform reads many objects at once: those that wait together are answered by one look. */
  private Base reading(Optional<String> branch) throws DriverException {
    long arrived = System.nanoTime();
    synchronized (readers) {
      Opened before = opened;
      if (before != null && before.branch().equals(branch) && before.from() - arrived > 0) {
        return before.base();
      }
      long from = System.nanoTime();
      mayName(branch);
      Base base = policies.look(branch);
      opened = new Opened(branch, from, base);
      return base;
    }
  }

  private Base open(Optional<String> branch) throws DriverException {
    mayName(branch);
    return policies.open(branch);
  }

  private void mayName(Optional<String> branch) {
    if (branch.isPresent() && !branch.get().startsWith(settings.branches())) {
      throw new Refusal(
          409,
          "branches for objects begin with "
              + settings.branches()
              + ": "
              + branch.get().replaceAll("\\p{Cntrl}", " ")
              + " is none of them");
    }
  }

  @Override
  public synchronized MapNode plan(Change change) throws DriverException {
    Base base = open(change.asked().branch());
    Optional<MapNode> there = files.content(change.object(), base.files().files());
    check(change, base, there);
    Judge.Sound sound = judge.load(base, change.object(), bytes(change));
    return PlanAnswer.of(judge.propose(uncommitted(base), base.provenance(), sound), sound.said());
  }

  private Optional<byte[]> bytes(Change change) {
    return change.content().map(content -> files.text(change.object(), content));
  }

  /** The plan is for what stands there with a change that is not committed yet. */
  private static Revision uncommitted(Base base) {
    Revision revision = base.revision();
    return revision.equals(Revision.DIRECTORY) ? revision : new Revision(revision.id(), true);
  }

  @Override
  public Landed write(Change change) throws DriverException {
    Made made = make(change);
    State state =
        made.followed()
            ? arrival.await(change.object(), bytes(change), change.asked().patience())
            : State.ON_BRANCH;
    return new Landed(made.created(), made.revision().id(), state);
  }

  /** What was made of a change. */
  private record Made(boolean changed, boolean created, boolean followed, Revision revision) {}

  private synchronized Made make(Change change) throws DriverException {
    Optional<byte[]> wanted = bytes(change);
    Optional<byte[]> first = Optional.empty();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Base base = open(change.asked().branch());
      Optional<MapNode> there = files.content(change.object(), base.files().files());
      Optional<byte[]> now = files.find(change.object(), base.files().files()).map(f -> f.bytes());
      boolean done = there.equals(change.content());
      if (done && change.again()) {
        return new Made(false, false, base.followed(), base.revision());
      }
      check(change, base, there);
      if (done) {
        return new Made(false, false, base.followed(), base.revision());
      }
      if (attempt > 1 && !same(first, now)) {
        throw new Refusal(
            409,
            "somebody else wrote "
                + change.object()
                + " at the same time ("
                + base.revision().describe()
                + "): read it again and decide");
      }
      first = now;
      Draft draft = judged(change, base, wanted);
      if (land(change, draft)) {
        return new Made(true, there.isEmpty(), base.followed(), draft.revision());
      }
    }
    throw new Refusal(
        409, "others wrote to the policies " + ATTEMPTS + " times meanwhile: try again");
  }

  /** Written down before it is seen: a change that the audit can't tell of is not made. */
  private boolean land(Change change, Draft draft) throws DriverException {
    String by = change.asked().by().name();
    String action = change.content().isPresent() ? "object.write" : "object.remove";
    String object = change.object().toString();
    String where =
        draft.revision().describe()
            + change.asked().branch().map(branch -> " on branch " + branch).orElse("");
    keepset.audit().note(by, action + ".attempted", object, where);
    boolean landed;
    try {
      landed = draft.land();
    } catch (DriverException | RuntimeException e) {
      keepset.audit().failed(by, action, object, e);
      throw e;
    }
    keepset
        .audit()
        .note(
            by,
            landed ? action : action + ".failed",
            object,
            landed ? where : where + ": others were faster, so it is tried anew");
    return landed;
  }

  private void check(Change change, Base base, Optional<MapNode> there) {
    if (there.isEmpty() && change.content().isEmpty()) {
      Optional<Location> at = judge.elsewhere(base, change.object());
      if (at.isPresent()) {
        throw Judge.ofPeople(change.object(), at.get());
      }
    }
    change.condition().check(there);
  }

  private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || Arrays.equals(one.get(), other.orElseThrow()));
  }

  /**
   * A change that the guards let pass. On a branch they only tell: what stands there is in force
   * when people have merged it, and is judged then.
   */
  private Draft judged(Change change, Base base, Optional<byte[]> wanted) throws DriverException {
    Judge.Sound sound = judge.load(base, change.object(), wanted);
    if (base.followed()) {
      letPass(judge.propose(uncommitted(base), base.provenance(), sound), sound);
    }
    Draft draft =
        base.draft(
            new Edit(
                files.path(change.object()),
                wanted,
                change.asked().by(),
                message(change, base),
                keepset.clock().instant()));
    if (base.followed() && !sound.policies().approvals().isEmpty()) {
      // Who wrote the change may matter then, and that is known of a commit only.
      letPass(judge.propose(draft.revision(), draft.provenance(), sound), sound);
    }
    return draft;
  }

  private static void letPass(Proposal proposal, Judge.Sound sound) {
    if (proposal.refused()) {
      throw PlanAnswer.refusal(proposal, sound.said());
    }
  }

  private String message(Change change, Base base) {
    boolean there = files.find(change.object(), base.files().files()).isPresent();
    String verb = change.content().isEmpty() ? "Remove" : there ? "Change" : "Add";
    String usual = verb + " " + change.object().kind().word() + " " + change.object().name();
    return CommitMessage.of(change.asked().message().orElse(usual), change.asked().by().name());
  }
}
