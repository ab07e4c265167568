package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;

/** Plans in files. */
class SavedPlanTest extends OneDatabaseContract {
  @Test
  void appliesASavedPlanWithoutTheFilesThatItWasMadeFrom() throws IOException {
    Path saved = work.resolve("saved.plan");
    keepset.run("plan", "-out", saved.toString());
    Files.delete(work.resolve("policies/a.yaml"));

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isZero();
    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesASavedPlanOnceItIsStale() {
    Path saved = work.resolve("saved.plan");
    keepset.run("plan", "--out", saved.toString());
    keepset.run("apply", "--yes");

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.err()).contains("stale plan", "[plan.stale]");
  }

  @Test
  void savesOverAPlanButOverNothingElse() throws IOException {
    Path policies = work.resolve("policies/a.yaml");
    String before = Files.readString(policies);
    Path saved = work.resolve("saved.plan");

    Result refused = keepset.run("plan", "--out", policies.toString());

    assertThat(refused.code()).isEqualTo(64);
    assertThat(refused.err()).contains("would replace a file that is no saved plan");
    assertThat(policies).hasContent(before);
    assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
    assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
  }

  @Test
  void saysThatAFileIsNoPlan() throws IOException {
    Path other = Files.writeString(work.resolve("notes.txt"), "hello");

    Result apply = keepset.run("apply", "--yes", other.toString());

    assertThat(apply.code()).isEqualTo(1);
    assertThat(apply.err()).contains("is not a plan file [plan.file.foreign]");
  }

  @Test
  void refusesASavedPlanOfAnotherCommitThanTheFilesAreAt() throws Exception {
    Path saved = work.resolve("saved.plan");
    try (Git git = Git.init().setDirectory(work.resolve("policies").toFile()).call()) {
      commit(git, "One database");
      assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
      Files.writeString(work.resolve("policies/note.txt"), "no policy");
      commit(git, "Nothing that a policy says");
    }

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.out()).contains("is what is followed now [guard.commit]");
    assertThat(keepset.run("apply", "--yes").out()).contains("Applied 1 of 1 change.");
  }

  private static void commit(Git git, String message) throws Exception {
    git.add().addFilepattern(".").call();
    git.commit()
        .setMessage(message)
        .setAuthor("A", "a@example.com")
        .setCommitter("A", "a@example.com")
        .setSign(false)
        .call();
  }
}
