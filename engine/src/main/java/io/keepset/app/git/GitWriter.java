package io.keepset.app.git;

import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyFiles;
import io.keepset.app.WritablePolicies;
import io.keepset.plan.Revision;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/**
 * Writes policies of a Git repository: one commit for each change, made without a reference and
 * then pushed, so that whoever is stopped in between leaves nothing but an object that nobody
 * refers to. A remote is never overwritten: it moves from the commit that was read, or not at all.
 */
final class GitWriter implements WritablePolicies {
  private final GitPolicies policies;

  GitWriter(GitPolicies policies) {
    this.policies = policies;
  }

  @Override
  public Base open(Optional<String> branch) throws DriverException {
    return policies.exclusively(place -> open(place, branch, true));
  }

  @Override
  public Base look(Optional<String> branch) throws DriverException {
    return policies.exclusively(place -> open(place, branch, false));
  }

  private Base open(GitPlace place, Optional<String> branch, boolean fresh)
      throws DriverException, IOException {
    String followed = place.followedBranch(fresh);
    String target = branch.isPresent() ? branchRef(branch.get()) : followed;
    Repository repository = place.repository();
    Ref start = repository.exactRef(followed);
    if (start == null) {
      throw new DriverException(
          Kind.NOT_FOUND,
          place.settings().shown() + " has no branch " + Repository.shortenRefName(followed));
    }
    Ref there = repository.exactRef(target);
    ObjectId tip = (there == null ? start : there).getObjectId();
    ObjectId expected = there == null ? ObjectId.zeroId() : tip;
    return new Tip(target, target.equals(followed), tip, expected, place.files(tip));
  }

  private static String branchRef(String name) throws DriverException {
    String ref = Constants.R_HEADS + name;
    if (!Repository.isValidRefName(ref)) {
      throw new DriverException(
          Kind.REJECTED, "no branch of Git can be named " + name.replaceAll("\\p{Cntrl}", " "));
    }
    return ref;
  }

  /** A branch as it was read. */
  private final class Tip implements Base {
    private final String ref;
    private final boolean followed;
    private final ObjectId commit;
    private final ObjectId expected;
    private final PolicyFiles files;

    /**
     * @param commit whose files these are
     * @param expected what the branch must still point at; zeros if it must not exist
     */
    Tip(String ref, boolean followed, ObjectId commit, ObjectId expected, PolicyFiles files) {
      this.ref = ref;
      this.followed = followed;
      this.commit = commit;
      this.expected = expected;
      this.files = files;
    }

    @Override
    public Revision revision() {
      return new Revision(commit.name(), false);
    }

    @Override
    public PolicyFiles files() {
      return files;
    }

    @Override
    public PolicyFeed.Provenance provenance() {
      return policies.provenance(revision());
    }

    @Override
    public boolean followed() {
      return followed;
    }

    @Override
    public Draft draft(Edit edit) throws DriverException {
      ObjectId made =
          policies.exclusively(
              place -> {
                place.mayMove(ref);
                return new GitCommit(place.repository(), place.settings()).make(commit, edit);
              });
      return new Unreferenced(ref, expected, made);
    }
  }

  /** A commit that no branch has yet. */
  private final class Unreferenced implements Draft {
    private final String ref;
    private final ObjectId expected;
    private final ObjectId made;

    Unreferenced(String ref, ObjectId expected, ObjectId made) {
      this.ref = ref;
      this.expected = expected;
      this.made = made;
    }

    @Override
    public Revision revision() {
      return new Revision(made.name(), false);
    }

    @Override
    public PolicyFeed.Provenance provenance() {
      return policies.provenance(revision());
    }

    @Override
    public boolean land() throws DriverException {
      return policies.exclusively(place -> place.move(ref, expected, made));
    }
  }
}
