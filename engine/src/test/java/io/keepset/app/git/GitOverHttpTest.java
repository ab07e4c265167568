package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A remote repository, served by the real git over HTTP. */
class GitOverHttpTest {
  private static final String TOKEN = "s3cret-t0ken";

  @TempDir Path temp;
  private RealGit git;
  private GitHttpServer server;

  @BeforeEach
  void start() throws Exception {
    git = RealGit.init(temp.resolve("work"));
    git.write("policies/a.yaml", "a: 1").commit("one");
    git.run("init", "-q", "--bare", "-b", "main", "../served/repo.git");
    git.run("remote", "add", "origin", "../served/repo.git");
    git.run("push", "-q", "origin", "main");
    server = new GitHttpServer(temp.resolve("served"), "robot", TOKEN);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private GitSettings settings(String ref) {
    return GitSettings.of(server.url("repo.git"), ref).withToken("robot", "env:TOKEN");
  }

  private GitPolicies open(GitSettings settings) throws DriverException {
    return GitPolicies.open(settings, temp.resolve("data"), reference -> new Secret(TOKEN));
  }

  private DriverException trouble(GitSettings settings, String token) {
    return catchThrowableOfType(
        DriverException.class,
        () ->
            GitPolicies.open(settings, temp.resolve("data"), reference -> new Secret(token))
                .read());
  }

  @Test
  void followsABranchAndKeepsABareCopy() throws Exception {
    try (GitPolicies policies = open(settings("main"))) {
      assertThat(policies.read().files().files())
          .extracting(SourceFile::path)
          .containsExactly("policies/a.yaml");
      assertThat(policies.poll()).isEmpty();
      String second = git.write("policies/b.hcl", "b = 1").commit("two");
      git.run("push", "-q", "origin", "main");

      assertThat(policies.poll().orElseThrow().revision().id()).isEqualTo(second);
      git.run("commit", "-q", "--amend", "-m", "two again");
      git.run("push", "-q", "-f", "origin", "main");
      assertThat(policies.poll().orElseThrow().rewritten()).contains(second);
    }
    try (GitPolicies policies = open(settings("HEAD"))) {
      assertThat(policies.read().files().files()).hasSize(2);
    }
    Path copies = temp.resolve("data/git");
    try (Stream<Path> all = Files.list(copies)) {
      Path copy = all.findFirst().orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .isEqualTo("rwx------");
      assertThat(copy.resolve("policies")).doesNotExist();
    }
  }

  @Test
  void aCommitThatIsHereIsNotAskedForAgain() throws Exception {
    String first = git.run("rev-parse", "HEAD").strip();
    try (GitPolicies policies = open(settings(first))) {
      policies.read();
      int requests = server.requests();

      assertThat(policies.poll()).isEmpty();
      assertThat(server.requests()).isEqualTo(requests);
    }
  }

  @Test
  void aCommitOnNoBranchIsFetchedIfTheServerGivesIt() throws Exception {
    git.run("checkout", "-q", "-b", "gone");
    String lost = git.write("policies/lost.yaml", "l: 1").commit("lost");
    git.run("push", "-q", "origin", "gone");
    git.run("push", "-q", "origin", ":gone");
    git.run("-C", "../served/repo.git", "config", "uploadpack.allowAnySHA1InWant", "true");

    try (GitPolicies policies = open(settings(lost))) {
      assertThat(policies.read().files().files()).hasSize(2);
    }
    DriverException never = trouble(settings("f".repeat(40)), TOKEN);
    assertThat(never.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(never).hasMessageContaining("no branch, tag or commit named ffff");
  }

  @Test
  void rightsAreAskedForByReferenceAndNeverPrinted() throws Exception {
    DriverException none = trouble(GitSettings.of(server.url("repo.git"), "main"), TOKEN);
    assertThat(none.kind()).isEqualTo(Kind.DENIED);
    assertThat(none).hasMessageContaining("give a token by reference, with --git-token env:NAME");

    DriverException wrong = trouble(settings("main"), "wr0ng");
    assertThat(wrong.kind()).isEqualTo(Kind.DENIED);
    assertThat(wrong)
        .hasMessageContaining("the token env:TOKEN of user robot is not accepted")
        .hasMessageNotContaining("wr0ng");

    DriverException inUrl =
        trouble(GitSettings.of("https://me:hunter2@example.invalid/x.git", "main"), TOKEN);
    assertThat(inUrl.kind()).isEqualTo(Kind.REJECTED);
    assertThat(inUrl).hasMessageNotContaining("hunter2");
    assertThat(trouble(GitSettings.of("http://example.invalid/x", "m").withToken("u", "env:T"), ""))
        .hasMessageContaining("a token is not sent over http://");
    assertThat(trouble(GitSettings.of("git://example.invalid/x", "m"), ""))
        .hasMessageContaining("https:// and ssh:// only");
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    DriverException repository =
        trouble(
            GitSettings.of(server.url("no.git"), "main").withToken("robot", "env:TOKEN"), TOKEN);
    assertThat(repository.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(repository).hasMessageContaining("was not found: check the URL");
    assertThat(trouble(settings("nope"), TOKEN)).hasMessageContaining("branches: main");
    git.run("init", "-q", "--bare", "../served/empty.git");
    assertThat(
            trouble(
                GitSettings.of(server.url("empty.git"), "HEAD").withToken("robot", "env:TOKEN"),
                TOKEN))
        .hasMessageContaining("is empty: commit the policies");
  }

  @Test
  void aBranchThatWasDeletedIsMissedAndTheLastCommitStays() throws Exception {
    git.run("push", "-q", "origin", "main:refs/heads/dev");
    try (GitPolicies policies = open(settings("dev"))) {
      GitSnapshot good = policies.read();
      git.run("push", "-q", "origin", ":dev");

      DriverException e = catchThrowableOfType(DriverException.class, policies::poll);

      assertThat(e).hasMessageContaining("no branch, tag or commit named dev");
      assertThat(policies.last()).contains(good);
    }
  }

  @Test
  void withoutTheRemoteTheLastCommitStaysInForceAlsoAfterARestart() throws Exception {
    GitSnapshot good;
    GitSettings settings = settings("main");
    try (GitPolicies policies = open(settings)) {
      good = policies.read();
      server.close();

      DriverException e = catchThrowableOfType(DriverException.class, policies::poll);

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e).hasMessageContaining("can't be reached");
      assertThat(policies.last()).contains(good);
    }
    try (GitPolicies again = open(settings)) {
      assertThat(again.last().orElseThrow().revision()).isEqualTo(good.revision());
      assertThat(again.last().orElseThrow().files().files()).hasSize(1);
    }
  }

  @Test
  void aRemoteThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      GitSettings settings =
          GitSettings.of("http://127.0.0.1:" + silent.getLocalPort() + "/x.git", "main");
      DriverException e =
          catchThrowableOfType(
              DriverException.class,
              () -> GitPolicies.open(settings, temp, Secret::new, Duration.ofSeconds(1)).read());

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e).hasMessageContaining("did not answer in time");
    }
    DriverException unknown = trouble(GitSettings.of("https://keepset.invalid/x", "main"), "");
    assertThat(unknown.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(List.of(unknown.getMessage())).noneMatch(m -> m.contains("Exception"));
  }
}
