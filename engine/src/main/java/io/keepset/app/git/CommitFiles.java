package io.keepset.app.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Files as commits have them. */
final class CommitFiles {
  /** As large as a policy file may be; see {@link io.keepset.source.Limits}. */
  private static final int LARGEST = 1 << 20;

  private final Repository repository;

  CommitFiles(Repository repository) {
    this.repository = repository;
  }

  /** A file has more in it than is read. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLarge(String path, RevCommit commit, LargeObjectException e) {
      super(path + " in commit " + name(commit) + " is larger than 1 MiB", e);
    }
  }

  /**
   * The bytes of a regular file; empty if there is none.
   *
   * @throws TooLarge if there are more of them than 1 MiB
   */
  Optional<byte[]> read(RevCommit commit, String path) throws IOException {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try (TreeWalk found = TreeWalk.forPath(repository, path, commit.getTree())) {
      boolean file =
          found != null
              && (found.getFileMode(0) == FileMode.REGULAR_FILE
                  || found.getFileMode(0) == FileMode.EXECUTABLE_FILE);
      return file
          ? Optional.of(repository.open(found.getObjectId(0), Constants.OBJ_BLOB).getBytes(LARGEST))
          : Optional.empty();
    } catch (LargeObjectException e) {
      throw new TooLarge(path, commit, e);
    }
  }

  boolean isSame(String path, ObjectId one, ObjectId other) throws IOException {
    return id(path, one).equals(id(path, other));
  }

  /** The id of a file in a commit; zeros if it is not there. */
  ObjectId id(String path, ObjectId commit) throws IOException {
    if (path.isEmpty()) {
      return ObjectId.zeroId();
    }
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk found = TreeWalk.forPath(repository, path, walk.parseCommit(commit).getTree())) {
      return found == null ? ObjectId.zeroId() : found.getObjectId(0);
    }
  }

  /** Of a commit, for people. */
  static String name(RevCommit commit) {
    return commit.abbreviate(7).name();
  }
}
