package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a refusal to an approval that counts, with the commands and the real git. */
class SignedApprovalTest {
  @TempDir private Path home;

  @Test
  void onlyAnApprovalThatATrustedKeySignedLetsAPlanPass() throws Exception {
    RealGit.needs("ssh-keygen", "-?");
    for (String who : new String[] {"bob", "mallory"}) {
      new ProcessBuilder(
              "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.resolve(who).toString())
          .start()
          .waitFor();
    }
    Files.createDirectories(home.resolve("volume"));
    RealGit git = RealGit.init(home.resolve("repo"));
    git.write("signers", "bob " + Files.readString(home.resolve("bob.pub")));
    git.write(
        "policies/all.yaml", policies(30, "approvals: {signed: true, allowed_signers: signers}"));
    git.commit("begin");
    assertThat(apply(git).code()).isZero();

    git.write(
        "policies/all.yaml", policies(7, "approvals: {signed: true, allowed_signers: signers}"));
    git.commit("keep less");
    Result refused = apply(git);
    assertThat(refused.code()).isEqualTo(3);
    String block = approval(refused.out() + refused.err());

    git.write("policies/approval.yaml", block);
    git.commit("agree");
    Result unsigned = apply(git);
    assertThat(unsigned.code()).isEqualTo(3);
    assertThat(unsigned.out() + unsigned.err()).contains("which nobody signed");

    git.run("reset", "-q", "--hard", "HEAD~1");
    git.write("policies/approval.yaml", block);
    sign(git, "mallory");
    assertThat(apply(git).code()).isEqualTo(3);

    git.run("reset", "-q", "--hard", "HEAD~1");
    git.write("policies/approval.yaml", block);
    sign(git, "bob");
    Result applied = apply(git);
    assertThat(applied.code()).as(applied.out() + applied.err()).isZero();
    assertThat(applied.out()).contains("Applied 1 of 1 change");

    git.write("policies/all.yaml", policies(7, "mode: full"));
    git.commit("ask nobody");
    Result loosened = apply(git);
    assertThat(loosened.code()).isEqualTo(3);
    assertThat(loosened.out() + loosened.err()).contains("guard.endorsement");

    git.write("policies/ask-nobody.yaml", approval(loosened.out() + loosened.err()));
    sign(git, "bob");
    Result agreed = apply(git);
    assertThat(agreed.code()).as(agreed.out() + agreed.err()).isZero();

    git.write(
        "policies/all.yaml", policies(7, "approvals: {signed: true, allowed_signers: signers}"));
    git.commit("ask again");
    assertThat(apply(git).code()).isZero();
    git.write("policies/all.yaml", policies(7, "mode: full"));
    git.commit("ask nobody once more");
    Result again = apply(git);
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.out() + again.err()).contains("guard.endorsement", "is good once");
  }

  private Result apply(RealGit git) {
    return new CommandLineForTests(home.resolve("data"))
        .run(
            "apply",
            "--yes",
            "--mode",
            "full",
            "--policies",
            git.directory().resolve("policies").toString());
  }

  private void sign(RealGit git, String who) {
    git.run("add", "-A");
    git.run(
        "-c",
        "gpg.format=ssh",
        "-c",
        "user.signingkey=" + home.resolve(who),
        "commit",
        "-q",
        "-S",
        "-m",
        "agree");
  }

  private static String approval(String text) {
    Matcher matcher = Pattern.compile("(?s)approval:\n  .*?expires: [^\n]*\n").matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group();
  }

  private String policies(int daily, String settings) {
    return """
        keepset: {%s}
        policy:
          gold:
            schedule: {nightly: {cron: "0 2 * * *"}}
            retention: {daily: %d}
        database:
          uploads: {engine: volume, policy: gold, store: main, connection: {path: %s}}
        store: {main: {type: directory, path: %s}}
        """
        .formatted(settings, daily, home.resolve("volume"), home.resolve("backups"));
  }
}
