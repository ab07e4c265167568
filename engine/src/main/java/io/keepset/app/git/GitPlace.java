package io.keepset.app.git;

import io.keepset.app.PolicyFiles;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** The repository as a place where branches are moved: a remote by pushing, a local one here. */
final class GitPlace {
  private final GitSettings settings;
  private final Repository repository;
  private final @Nullable GitMirror mirror;
  private final GitTree tree;

  /**
   * @param mirror null if the repository lies on this machine
   * @param tree of writers only: what they read is not what is followed
   */
  GitPlace(GitSettings settings, Repository repository, @Nullable GitMirror mirror, GitTree tree) {
    this.settings = settings;
    this.repository = repository;
    this.mirror = mirror;
    this.tree = tree;
  }

  GitSettings settings() {
    return settings;
  }

  Repository repository() {
    return repository;
  }

  PolicyFiles files(ObjectId commit) throws IOException, DriverException {
    try (RevWalk walk = new RevWalk(repository)) {
      return tree.read(repository, walk.parseCommit(commit).getTree(), settings);
    }
  }

  /**
   * Asks the remote, and names the branch that is followed, in full.
   *
   * @param fresh false if what the remote said a moment ago will do
   * @throws DriverException REJECTED if what is followed is no branch
   */
  String followedBranch(boolean fresh) throws DriverException, IOException {
    if (mirror != null && fresh) {
      mirror.fetch();
    } else if (mirror != null) {
      mirror.fetchNowAndThen();
    }
    String ref = settings.ref();
    if (ref.equals(Constants.HEAD)) {
      return headBranch();
    }
    String full = ref.startsWith("refs/") ? ref : Constants.R_HEADS + ref;
    if (full.startsWith(Constants.R_HEADS) && repository.exactRef(full) != null) {
      return full;
    }
    throw new DriverException(
        Kind.REJECTED,
        "what is followed, "
            + ref
            + " of "
            + settings.shown()
            + ", is no branch, so nothing can be written to it: follow a branch with --ref");
  }

  private String headBranch() throws DriverException, IOException {
    if (mirror == null) {
      return repository.getFullBranch();
    }
    if (mirror.headBranch() != null) {
      return mirror.headBranch();
    }
    Ref head = repository.exactRef(GitMirror.HEAD);
    List<String> same = new ArrayList<>();
    for (Ref branch : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
      if (head != null && head.getObjectId().equals(branch.getObjectId())) {
        same.add(branch.getName());
      }
    }
    if (same.size() == 1) {
      return same.get(0);
    }
    throw new DriverException(
        Kind.REJECTED,
        settings.shown() + " does not say which branch its HEAD is: name the branch with --ref");
  }

  /**
   * @throws DriverException REJECTED if somebody works on the branch right here
   */
  void mayMove(String ref) throws DriverException, IOException {
    if (mirror == null && !repository.isBare() && ref.equals(repository.getFullBranch())) {
      String branch = Repository.shortenRefName(ref);
      throw new DriverException(
          Kind.REJECTED,
          branch
              + " is checked out in "
              + settings.shown()
              + ", and a commit would change it under whoever works there: follow a bare clone"
              + " (git clone --bare), or write to a branch that is not checked out");
    }
  }

  /**
   * Moves a branch.
   *
   * @param expected where it must be; zeros if it must not exist
   * @return false if it is elsewhere by now
   */
  boolean move(String ref, ObjectId expected, ObjectId commit) throws DriverException, IOException {
    if (mirror != null) {
      return mirror.push(ref, expected, commit);
    }
    if (hasHooks()) {
      return GitPush.toItself(settings, repository, ref, expected, commit);
    }
    RefUpdate update = repository.updateRef(ref);
    update.setExpectedOldObjectId(expected);
    update.setNewObjectId(commit);
    update.setRefLogMessage("keepset", false);
    RefUpdate.Result result = update.update();
    return switch (result) {
      case NEW, FAST_FORWARD, NO_CHANGE -> true;
      case LOCK_FAILURE, REJECTED -> false;
      case FORCED,
          IO_FAILURE,
          NOT_ATTEMPTED,
          REJECTED_CURRENT_BRANCH,
          RENAMED,
          REJECTED_MISSING_OBJECT,
          REJECTED_OTHER_REASON ->
          throw new IOException("could not move " + ref + ": " + result);
    };
  }

  /** Hooks are somebody's rules: where there are any, git itself takes the commit in. */
  private boolean hasHooks() {
    String elsewhere = repository.getConfig().getString("core", null, "hooksPath");
    Path hooks =
        repository.getDirectory().toPath().resolve(elsewhere == null ? Constants.HOOKS : elsewhere);
    for (String hook :
        List.of("pre-receive", "update", "post-receive", "post-update", "reference-transaction")) {
      if (Files.isExecutable(hooks.resolve(hook))) {
        return true;
      }
    }
    return false;
  }
}
