package io.keepset.app.git;

import io.keepset.app.PolicyFiles;
import io.keepset.plan.Revision;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Says which commit the policy files of a plain directory are, and whether they differ from it. */
public final class WorkTree {
  private WorkTree() {}

  /**
   * The commit that is checked out where the directory lies, dirty if a policy file in it was
   * changed, added or removed since; {@link Revision#DIRECTORY} outside of a Git work tree and
   * before the first commit. Never fails: a repository that can't be read is as good as none.
   */
  public static Revision revision(Path directory, PolicyFiles files) {
    if (!liesInOne(directory)) {
      return Revision.DIRECTORY; // without loading all of Git to find that out
    }
    QuietSystem.install();
    File start = directory.toAbsolutePath().normalize().toFile();
    FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(start);
    if (builder.getGitDir() == null) {
      return Revision.DIRECTORY;
    }
    try (Repository repository = builder.build();
        RevWalk walk = new RevWalk(repository)) {
      ObjectId head = repository.resolve(Constants.HEAD);
      if (head == null || repository.isBare()) {
        return Revision.DIRECTORY;
      }
      Path top = repository.getWorkTree().toPath().toRealPath();
      String path = top.relativize(directory.toRealPath()).toString().replace('\\', '/');
      ObjectId tree = walk.parseCommit(head).getTree();
      return new Revision(head.name(), !committed(repository, tree, path).equals(ids(files)));
    } catch (IOException | DriverException e) {
      return Revision.DIRECTORY;
    }
  }

  private static boolean liesInOne(Path directory) {
    for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(Constants.DOT_GIT))) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, ObjectId> committed(Repository repository, ObjectId tree, String path)
      throws IOException, DriverException {
    if (!path.isEmpty() && isMissing(repository, tree, path)) {
      return Map.of();
    }
    GitSettings settings = GitSettings.of(repository.getDirectory().toString(), "").withPath(path);
    return ids(new GitTree().read(repository, tree, settings));
  }

  private static boolean isMissing(Repository repository, ObjectId tree, String path)
      throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      return walk == null;
    }
  }

  private static Map<String, ObjectId> ids(PolicyFiles files) {
    Map<String, ObjectId> ids = new HashMap<>();
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      for (SourceFile file : files.files()) {
        ids.put(file.path(), formatter.idFor(Constants.OBJ_BLOB, file.bytes()));
      }
    }
    return ids;
  }
}
