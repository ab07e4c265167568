package io.keepset.app.git;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.PushCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.jspecify.annotations.Nullable;

/** The bare copy of a remote repository: its branches, its tags, and what was last read of it. */
final class GitMirror {
  /** Where the remote's HEAD pointed at. */
  static final String HEAD = "refs/keepset/head";

  private final GitSettings settings;
  private final GitAccess access;
  private final Repository copy;
  private final Duration patience;
  private @Nullable String headBranch;
  private final NowAndThen looks = new NowAndThen(System::nanoTime);

  GitMirror(GitSettings settings, GitAccess access, Repository copy, Duration patience) {
    this.settings = settings;
    this.access = access;
    this.copy = copy;
    this.patience = patience;
  }

  /** The same, for all readers together at most once in a while; a failure lasts as long. */
  void fetchNowAndThen() throws DriverException, IOException {
    looks.unlessRecent(this::fetchAll);
  }

  /** All branches and tags as they are now; those that the remote no longer has are dropped. */
  void fetch() throws DriverException, IOException {
    looks.now(this::fetchAll);
  }

  private void fetchAll() throws DriverException, IOException {
    FetchResult result =
        fetch(
            List.of(
                new RefSpec("+refs/heads/*:refs/heads/*"),
                new RefSpec("+refs/tags/*:refs/tags/*")));
    for (TrackingRefUpdate update : result.getTrackingRefUpdates()) {
      if (update.getResult() == RefUpdate.Result.LOCK_FAILURE) {
        throw new DriverException(
            Kind.TRANSIENT,
            "the copy of "
                + settings.shown()
                + " in "
                + copy.getDirectory()
                + " is being written by another process: try again; if none runs, delete *.lock files there");
      }
    }
    Ref head = result.getAdvertisedRef(Constants.HEAD);
    headBranch = head != null && head.isSymbolic() ? head.getTarget().getName() : null;
    if (head != null && head.getObjectId() != null) {
      point(HEAD, head.getObjectId());
    }
  }

  /** The branch that the remote's HEAD was at the last fetch, if it says so. */
  @Nullable String headBranch() {
    return headBranch;
  }

  /**
   * Moves a branch of the remote, if it is where it is expected. When the answer is lost on the
   * way, the remote is asked again.
   *
   * @param expected zeros if the branch must not exist
   * @return false if it is elsewhere
   */
  boolean push(String ref, ObjectId expected, ObjectId commit) throws DriverException, IOException {
    looks.forget(); // the copy is behind from now on
    try (Git git = new Git(copy)) {
      PushCommand command =
          GitPush.command(git, settings.url(), ref, expected, commit)
              .setTimeout((int) patience.toSeconds());
      access.configure(command);
      return GitPush.landed(command.call(), settings, ref);
    } catch (GitAPIException | RuntimeException e) {
      DriverException trouble = GitTroubles.explainWrite(e, settings);
      if (trouble.kind() == Kind.TRANSIENT && hasArrived(ref, commit)) {
        return true;
      }
      throw trouble;
    }
  }

  /** False also when that can't be found out: the caller then says that it is not known. */
  private boolean hasArrived(String ref, ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(copy)) {
      fetch();
      Ref there = copy.exactRef(ref);
      return there != null
          && walk.isMergedInto(walk.parseCommit(commit), walk.parseCommit(there.getObjectId()));
    } catch (DriverException e) {
      return false;
    }
  }

  /** One commit that no branch or tag leads to; nothing happens if the remote has none such. */
  void fetchCommit(ObjectId commit) throws DriverException {
    try {
      fetch(List.of(new RefSpec(commit.name() + ":" + pinned(commit.name()))));
    } catch (DriverException e) {
      // Servers word it in many ways; that the remote itself answers was seen a moment ago.
      if (e.kind() == Kind.DENIED) {
        throw e;
      }
    }
  }

  /** Remembers, beyond this process, which commit was read for a ref. */
  void remember(String ref, ObjectId commit) throws IOException {
    point(pinned(ref), commit);
  }

  /** The name below which the commit read for a ref is remembered. */
  static String pinned(String ref) {
    StringBuilder name = new StringBuilder("refs/keepset/last/");
    for (int i = 0; i < ref.length(); i++) {
      char c = ref.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      name.append(plain ? String.valueOf(c) : "_" + Integer.toHexString(c) + "_");
    }
    return name.toString();
  }

  private void point(String name, ObjectId target) throws IOException {
    RefUpdate update = copy.updateRef(name);
    update.setNewObjectId(target);
    update.setForceUpdate(true);
    update.disableRefLog();
    RefUpdate.Result result = update.forceUpdate();
    if (result == RefUpdate.Result.IO_FAILURE || result == RefUpdate.Result.LOCK_FAILURE) {
      throw new IOException("could not write " + name + " in " + copy.getDirectory());
    }
  }

  private FetchResult fetch(List<RefSpec> specs) throws DriverException {
    try (Git git = new Git(copy)) {
      FetchCommand command =
          git.fetch()
              .setRemote(settings.url())
              .setRefSpecs(specs)
              .setTagOpt(TagOpt.NO_TAGS)
              .setRemoveDeletedRefs(specs.size() > 1)
              .setTimeout((int) patience.toSeconds());
      access.configure(command);
      return command.call();
    } catch (GitAPIException | RuntimeException e) {
      throw GitTroubles.explain(e, settings);
    }
  }
}
