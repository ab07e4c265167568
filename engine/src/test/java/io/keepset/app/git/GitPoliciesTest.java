package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.app.PolicyLocation;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository on this machine, made by the real git. */
class GitPoliciesTest {
  @TempDir Path temp;
  private RealGit git;

  @BeforeEach
  void repository() {
    git = RealGit.init(temp.resolve("repo"));
  }

  private GitPolicies open(String ref) throws DriverException {
    return open(GitSettings.of(git.url(), ref));
  }

  private GitPolicies open(GitSettings settings) throws DriverException {
    return GitPolicies.open(settings, temp.resolve("data"), Secret::new);
  }

  private DriverException trouble(String ref) {
    return catchThrowableOfType(
        DriverException.class,
        () -> {
          try (GitPolicies policies = open(ref)) {
            policies.read();
          }
        });
  }

  private static List<String> paths(GitSnapshot snapshot) {
    return snapshot.files().files().stream().map(SourceFile::path).toList();
  }

  private static List<String> problems(GitSnapshot snapshot) {
    return snapshot.files().diagnostics().stream()
        .map(d -> d.at() + " " + d.code())
        .sorted()
        .toList();
  }

  @Test
  void aUrlWithAPasswordIsRefusedAndNeverPrinted() {
    for (String url :
        List.of(
            "http://user:sekrit@host/x.git",
            "https://sekrit@host/x.git",
            "HTTPS://user:sekrit@host/x.git",
            "ssh://user:sekrit@host/x.git")) {
      GitSettings settings = GitSettings.of(url, "main");

      assertThat(catchThrowableOfType(DriverException.class, () -> open(settings)))
          .hasMessageContaining("KEEPSET_GIT_TOKEN")
          .hasMessageNotContaining("sekrit");
      assertThat(settings.shown() + settings).doesNotContain("sekrit");
      assertThat(new PolicyLocation.Repository(settings).describe()).doesNotContain("sekrit");
    }
    assertThat(GitSettings.of("ssh://git@host:22/x", "main").shown())
        .isEqualTo("ssh://git@host:22/x");
  }

  @Test
  void readsThePolicyFilesOfACommitWithoutAWorkTree() throws Exception {
    git.write("b.yaml", "b: 1").write("a/x.hcl", "x = 1").write("README.md", "no");
    git.write(".github/ci.yaml", "no").write("a/.hidden.yaml", "no").write("c.json", "{}");
    String commit = git.commit("one");
    git.write("b.yaml", "not committed");

    try (GitPolicies policies = open("main")) {
      GitSnapshot snapshot = policies.read();

      assertThat(paths(snapshot)).containsExactly("a/x.hcl", "b.yaml", "c.json");
      assertThat(snapshot.revision().id()).isEqualTo(commit);
      assertThat(snapshot.files().files().get(1).text()).isEqualTo("b: 1");
      assertThat(snapshot.files().diagnostics()).isEmpty();
      assertThat(snapshot.rewritten()).isEmpty();
    }
  }

  @Test
  void aFileUrlABareRepositoryAndAFolderOfItAreReadTheSame() throws Exception {
    git.write("policies/b.yaml", "b: 1").write("other/x.yaml", "no").commit("one");
    git.run("clone", "-q", "--bare", ".", temp.resolve("bare repo.git").toString());

    GitSettings bare =
        GitSettings.of("file://" + temp.resolve("bare repo.git"), "HEAD").withPath("./policies/");
    try (GitPolicies policies = open(bare)) {
      assertThat(paths(policies.read())).containsExactly("b.yaml");
    }
    DriverException e =
        catchThrowableOfType(DriverException.class, () -> open(bare.withPath("nowhere")).read());
    assertThat(e).hasMessageContaining("has no folder nowhere: check --path");
  }

  @Test
  void branchesTagsAndCommitsAreRefs() throws Exception {
    String first = git.write("a.yaml", "a: 1").commit("one");
    git.run("tag", "light");
    git.run("tag", "-a", "-m", "x", "v1");
    git.run("checkout", "-q", "-b", "feature/x");
    String second = git.write("a.yaml", "a: 2").commit("two");

    for (String ref :
        List.of("light", "v1", "main", first, first.substring(0, 8), "refs/tags/v1")) {
      try (GitPolicies policies = open(ref)) {
        assertThat(policies.read().revision().id()).as(ref).isEqualTo(first);
      }
    }
    for (String ref : List.of("feature/x", "HEAD", "refs/heads/feature/x")) {
      try (GitPolicies policies = open(ref)) {
        assertThat(policies.read().revision().id()).as(ref).isEqualTo(second);
      }
    }
  }

  @Test
  void whatIsNotThereIsSaidWithWhatIs() throws Exception {
    assertThat(trouble("main")).hasMessageContaining("is empty: commit the policies");
    git.write("a.yaml", "a: 1").commit("one");
    git.run("branch", "dev");
    git.run("branch", "same");
    git.run("tag", "same");
    String blob = git.run("rev-parse", "HEAD:a.yaml").strip();
    git.run("tag", "blob", blob);

    assertThat(trouble("mian"))
        .hasMessageContaining("no branch, tag or commit named mian: use --ref with one of its")
        .hasMessageContaining("branches: dev, main, same");
    assertThat(trouble("main~1")).hasMessageContaining("named main~1");
    assertThat(trouble("same")).hasMessageContaining("a branch and a tag named same");
    assertThat(trouble("blob")).hasMessageContaining("blob names no commit");
    assertThat(trouble("f".repeat(40))).hasMessageContaining("named ffff");
    git = RealGit.init(temp.resolve("other"));
    Files.move(git.directory().resolve(".git"), temp.resolve("gone"));
    assertThat(trouble("main")).hasMessageContaining("is no Git repository");
  }

  @Test
  void onlyChangedFilesAreReadAgain() throws Exception {
    for (int i = 0; i < 30; i++) {
      git.write("d" + i % 3 + "/f" + i + ".yaml", "a: " + i);
    }
    git.commit("one");
    try (GitPolicies policies = open("main")) {
      List<SourceFile> before = policies.read().files().files();
      assertThat(policies.poll()).isEmpty();
      git.write("d1/f1.yaml", "a: changed").commit("two");
      List<SourceFile> after = policies.poll().orElseThrow().files().files();

      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < after.size(); i++) {
        boolean changed = after.get(i).path().equals("d1/f1.yaml");
        assertThat(after.get(i) != before.get(i)).isEqualTo(changed);
      }
      git.write("d1/f1.yaml", "a: 1").commit("three");
      git.run("rm", "-q", "-r", "d2");
      git.commit("four");
      assertThat(policies.poll().orElseThrow().files().files()).hasSize(20);
    }
  }

  @Test
  void aRewrittenHistoryIsSaid() throws Exception {
    git.write("a.yaml", "a: 1").commit("one");
    try (GitPolicies policies = open("main")) {
      String before = git.write("a.yaml", "a: 2").commit("two");
      policies.read();
      git.write("a.yaml", "a: 3");
      git.run("commit", "-q", "--amend", "-a", "-m", "two again");

      assertThat(policies.poll().orElseThrow().rewritten()).contains(before);
      git.write("a.yaml", "a: 4").commit("three");
      assertThat(policies.poll().orElseThrow().rewritten()).isEmpty();
    }
  }

  @Test
  void linksSubmodulesAndLfsPointersAreMistakes() throws Exception {
    RealGit inner = RealGit.init(temp.resolve("inner"));
    inner.write("x.yaml", "x: 1").commit("one");
    git.write("a.yaml", "a: 1").write("sub/b.yaml", "b: 1");
    git.write("big.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    link("inside.yaml", "sub/b.yaml");
    link("folder", "sub");
    link("sub/up.yaml", "../a.yaml");
    link("out.yaml", "/etc/passwd");
    link("sub/out.yaml", "../../x.yaml");
    link("outside", "../..");
    link("nowhere.yaml", "nothing.yaml");
    link("LICENSE.txt", "/usr/share/x");
    git.run("submodule", "--quiet", "add", inner.url(), "module");
    git.commit("one");

    try (GitPolicies policies = open("main")) {
      GitSnapshot snapshot = policies.read();

      assertThat(problems(snapshot))
          .containsExactly(
              "big.yaml:1:1 git.lfs",
              "module:1:1 git.submodule",
              "nowhere.yaml:1:1 load.link",
              "out.yaml:1:1 load.link",
              "outside:1:1 load.link",
              "sub/out.yaml:1:1 load.link");
      assertThat(paths(snapshot)).containsExactly("a.yaml", "sub/b.yaml");
    }
    try (GitPolicies policies = open(GitSettings.of(git.url(), "main").withPath("sub"))) {
      GitSnapshot snapshot = policies.read();
      assertThat(problems(snapshot))
          .containsExactly("out.yaml:1:1 load.link", "up.yaml:1:1 load.link");
      assertThat(snapshot.files().diagnostics())
          .extracting(Diagnostic::message)
          .contains("the link leads out of the policy directory");
    }
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(git.directory().resolve(path), Path.of(target));
  }

  @Test
  void aBrokenObjectLeavesTheLastCommitInForce() throws Exception {
    git.write("a.yaml", "a: 1").commit("one");
    try (GitPolicies policies = open("main")) {
      GitSnapshot good = policies.read();
      git.write("a.yaml", "a: 2").commit("two");
      String blob = git.run("rev-parse", "HEAD:a.yaml").strip();
      Path object =
          git.directory().resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2));
      Files.delete(object);

      DriverException e = catchThrowableOfType(DriverException.class, policies::poll);

      assertThat(e.kind()).isEqualTo(DriverException.Kind.DAMAGED);
      assertThat(e).hasMessageContaining("is damaged").hasMessageContaining("git fsck");
      assertThat(policies.last()).contains(good);
      Files.createDirectories(object.getParent());
      Files.writeString(object, "garbage");
      e = catchThrowableOfType(DriverException.class, policies::poll);
      assertThat(e.kind()).isEqualTo(DriverException.Kind.DAMAGED);
    }
  }

  @Test
  void aRepositoryOnThisMachineIsNeverWritten() throws Exception {
    git.write("a.yaml", "a: 1").commit("one");
    List<String> before = files();
    try (GitPolicies policies = open("main")) {
      policies.read();
      policies.poll();
    }
    assertThat(files()).isEqualTo(before);
    assertThat(temp.resolve("data")).doesNotExist();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(git.directory())) {
      return all.map(Path::toString).sorted().toList();
    }
  }
}
