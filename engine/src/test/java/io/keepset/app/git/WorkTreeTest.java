package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.PolicyDirectory;
import io.keepset.plan.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkTreeTest {
  @TempDir Path temp;

  private static Revision revision(Path directory) throws IOException {
    return WorkTree.revision(directory, PolicyDirectory.read(directory));
  }

  @Test
  void aDirectoryOutsideOfGitHasNoCommit() throws Exception {
    Files.writeString(temp.resolve("a.yaml"), "a: 1");

    assertThat(revision(temp)).isEqualTo(Revision.DIRECTORY);
  }

  @Test
  void changesToPolicyFilesMakeACommitDirty() throws Exception {
    RealGit git = RealGit.init(temp.resolve("repo"));
    assertThat(revision(git.directory())).isEqualTo(Revision.DIRECTORY);
    git.write("policies/a.yaml", "a: 1").write("b.yaml", "b: 1").write("README.md", "r");
    String commit = git.commit("one");
    Path policies = git.directory().resolve("policies");

    assertThat(revision(git.directory())).isEqualTo(new Revision(commit, false));
    assertThat(revision(policies)).isEqualTo(new Revision(commit, false));
    git.write("README.md", "other");
    assertThat(revision(git.directory())).isEqualTo(new Revision(commit, false));
    git.write("b.yaml", "b: 2");
    assertThat(revision(git.directory())).isEqualTo(new Revision(commit, true));
    assertThat(revision(policies)).isEqualTo(new Revision(commit, false));
    git.write("policies/new.yaml", "n: 1");
    assertThat(revision(policies)).isEqualTo(new Revision(commit, true));
    assertThat(revision(Files.createDirectory(git.directory().resolve("empty"))))
        .isEqualTo(new Revision(commit, false));
  }

  @Test
  void aLinkedWorkTreeCounts() throws Exception {
    RealGit git = RealGit.init(temp.resolve("repo"));
    String commit = git.write("a.yaml", "a: 1").commit("one");
    git.run("worktree", "add", "-q", "../second", "-b", "second");

    assertThat(revision(temp.resolve("second"))).isEqualTo(new Revision(commit, false));
  }
}
