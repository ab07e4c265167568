package io.keepset.app.git;

import io.keepset.policy.PolicyPath;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The commits that a plan brings into force, and which of them change policies. */
final class BroughtCommits {
  private final Repository repository;
  private final String folder;
  private final CommitFiles files;

  /**
   * @param folder of the policies in the repository; empty for its top
   */
  BroughtCommits(Repository repository, String folder) {
    this.repository = repository;
    this.folder = folder;
    this.files = new CommitFiles(repository);
  }

  /**
   * Those that were not applied yet, the newest first.
   *
   * @param walk that they are parsed by
   * @param most no more of them are looked for
   */
  List<RevCommit> between(RevWalk walk, Optional<ObjectId> applied, ObjectId planned, int most)
      throws IOException {
    List<RevCommit> commits = new ArrayList<>();
    try (RevWalk range = new RevWalk(repository)) {
      range.markStart(range.parseCommit(planned));
      if (applied.isPresent()) {
        range.markUninteresting(range.parseCommit(applied.get()));
      }
      for (RevCommit commit = range.next();
          commit != null && commits.size() < most;
          commit = range.next()) {
        commits.add(walk.parseCommit(commit));
      }
    }
    return commits;
  }

  /**
   * Whether a commit changes what policy files say beside approvals. A merge adds nothing of its
   * own where it agrees with one of its parents.
   */
  boolean moreThanApprovals(RevWalk walk, RevCommit commit) throws IOException {
    if (commit.getParentCount() == 0) {
      return differs(null, commit);
    }
    for (RevCommit parent : commit.getParents()) {
      if (!differs(walk.parseCommit(parent), commit)) {
        return false;
      }
    }
    return true;
  }

  private boolean differs(@Nullable RevCommit before, RevCommit after) throws IOException {
    try (TreeWalk tree = new TreeWalk(repository)) {
      if (before == null) {
        tree.addTree(new EmptyTreeIterator());
      } else {
        tree.addTree(before.getTree());
      }
      tree.addTree(after.getTree());
      tree.setRecursive(true);
      for (DiffEntry entry : DiffEntry.scan(tree)) {
        String path =
            entry.getChangeType() == DiffEntry.ChangeType.DELETE
                ? entry.getOldPath()
                : entry.getNewPath();
        if (matters(path) && differs(before, after, path)) {
          return true;
        }
      }
      return false;
    }
  }

  private boolean differs(@Nullable RevCommit before, RevCommit after, String path)
      throws IOException {
    try {
      return !withoutApprovals(before == null ? Optional.empty() : files.read(before, path), path)
          .equals(withoutApprovals(files.read(after, path), path));
    } catch (CommitFiles.TooLarge e) {
      return true; // more than an approval, whatever it says
    }
  }

  private boolean matters(String path) {
    return (folder.isEmpty() || path.startsWith(folder + "/")) && PolicyPath.counts(path);
  }

  private static SortedMap<String, Node> withoutApprovals(Optional<byte[]> file, String path) {
    SortedMap<String, Node> blocks = new TreeMap<>();
    MapNode map = file.map(bytes -> Readers.read(new SourceFile(path, bytes)).value()).orElse(null);
    if (map != null) {
      for (MapNode.Entry entry : map.entries()) {
        if (!entry.key().equals("approval")) {
          blocks.put(entry.key(), entry.value());
        }
      }
    }
    return blocks;
  }
}
