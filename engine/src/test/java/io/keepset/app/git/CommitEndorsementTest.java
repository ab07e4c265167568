package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Revision;
import io.keepset.policy.ApprovalRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitEndorsementTest extends EndorsementContract {
  @Test
  void whoWritesThroughATokenCanNotAgreeByAnotherName() throws Exception {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    commitAs("alice", "by Terraform", "author.name=ci", "author.email=ci@keepset.invalid");
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("alice", "agree");

    assertThat(objection(OTHER).orElse("")).contains("token ci", "no person is known", "--person");
    assertThat(objection(ApprovalRules.NONE)).isEmpty();
  }

  @Test
  void aTokenOfAPersonWritesAsThatPerson() throws Exception {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    commitAs("alice", "by Terraform", "author.name=ci", "author.email=alice@example.com");
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("alice", "agree");

    assertThat(objection(OTHER).orElse("")).contains("who also made the change");

    git.write("policies/approvals.yaml", APPROVAL.replace("agreed", "agreed, too"));
    commitAs("bob", "agree");

    assertThat(objection(OTHER)).isEmpty();
  }

  @Test
  void anApprovalThatATrustedKeySignedIsGoodHoweverManyCommitsFollow() throws Exception {
    change();
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");
    git.write("policies/approvals.yaml", "# moved down\n\n" + APPROVAL);
    commitAs("alice", "comment");

    assertThat(objection(SIGNED)).isEmpty();
    assertThat(objection(BOTH)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ecdsa"})
  void otherKindsOfKeysAreGoodToo(String type) throws Exception {
    git.write("keys/signers", "bob@example.com " + publicKey("bob", type));
    applied = commitAs("alice", "another key");
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-" + type, "agree");

    assertThat(objection(SIGNED)).isEmpty();
  }

  @Test
  void aFileThatIsTooLargeToBeOfPoliciesIsAChangeLikeAnyOther() throws Exception {
    git.write("policies/gold.yaml", "policy: {gold: {}}\n" + "# no end\n".repeat(150_000));
    commitAs("alice", "far too much");
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    commitAs("bob", "less");
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("carol", "agree");

    assertThat(objection(OTHER)).isEmpty();

    git.write("policies/approvals.yaml", APPROVAL.replace("agreed", "agreed, too"));
    commitAs("alice", "agree");

    assertThat(objection(OTHER).orElse("")).contains("who also made the change");
  }

  @Test
  void moreCommitsThanCanBeLookedAtAreNotLetThrough() throws Exception {
    change();
    for (int i = 0; i < 3; i++) {
      commitAs("bob", "nothing");
    }
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("alice", "agree");

    assertThat(objectionLookingAt(5).orElse("")).contains("who also made the change");
    assertThat(objectionLookingAt(4).orElse(""))
        .contains("brings more than 4 commits", "bring an earlier one into force first");
  }

  private Optional<String> objectionLookingAt(int mostCommits) throws Exception {
    try (Repository repository =
        new FileRepositoryBuilder()
            .setGitDir(git.directory().resolve(".git").toFile())
            .setMustExist(true)
            .build()) {
      return new CommitEndorsement(
              repository,
              "policies",
              repository.resolve("HEAD"),
              Optional.of(ObjectId.fromString(applied)),
              OTHER,
              mostCommits)
          .objection(approval(), null);
    }
  }

  @Test
  void whatNobodySignedIsNot() throws Exception {
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("bob", "agree");

    assertThat(objection(SIGNED))
        .hasValueSatisfying(
            why -> assertThat(why).contains("was added by commit", "which nobody signed"));
  }

  @Test
  void whoAddsHimselfToTheSignersIsNotTrusted() throws Exception {
    publicKey("mallory", "ed25519");
    git.write("keys/signers", "mallory@example.com " + publicKey("mallory", "ed25519"));
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("mallory", "mallory-ed25519", "agree");

    assertThat(objection(SIGNED))
        .hasValueSatisfying(why -> assertThat(why).contains("whose signature is not good"));
  }

  @Test
  void withoutAnAppliedRevisionNobodyIsTrusted() throws Exception {
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");

    assertThat(objection(SIGNED, Optional.empty()))
        .hasValueSatisfying(
            why -> assertThat(why).contains("no revision of this repository was applied yet"));
    assertThat(objection(new ApprovalRules(true, Optional.of("keys/none"), false)))
        .hasValueSatisfying(why -> assertThat(why).contains("has no file keys/none"));
  }

  @Test
  void whoEditsAnApprovalAddsAnotherOne() throws Exception {
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");
    git.write(
        "policies/approvals.yaml", APPROVAL.replace("backups_deleted: 3", "backups_deleted: 9"));
    commitAs("alice", "a little more");

    assertThat(objection(SIGNED))
        .hasValueSatisfying(why -> assertThat(why).contains("which nobody signed"));
  }

  @Test
  void aCommitThatWasChangedAfterItsSignatureIsNoLongerSigned() throws Exception {
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");
    String raw = git.run("cat-file", "commit", "HEAD").replace("\nagree\n", "\nagreed\n");
    Path file = home.resolve("commit");
    Files.writeString(file, raw);
    String forged = git.run("hash-object", "-t", "commit", "-w", file.toString()).strip();
    git.run("reset", "-q", "--hard", forged);

    assertThat(objection(SIGNED))
        .hasValueSatisfying(why -> assertThat(why).contains("whose signature is not good"));
  }

  @Test
  void gpgSignaturesAreCheckedAgainstTheKeysInTheSameFile() throws Exception {
    RealGit.needs("gpg", "--version");
    Path keys =
        Files.createDirectory(
            home.resolve("gnupg"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    gpg(keys, "--quick-generate-key", "Carol <carol@example.com>", "ed25519", "sign", "never");
    gpg(keys, "--quick-generate-key", "Mallory <mallory@example.com>", "rsa2048", "sign", "never");
    try {
      String carol = gpg(keys, "--armor", "--export", "carol@example.com");
      git.write("keys/signers", "bob@example.com " + publicKey("bob", "ed25519") + "\n" + carol);
      applied = commitAs("alice", "trust carol too");
      git.write("policies/approvals.yaml", APPROVAL);
      commitWithGpg(keys, "carol");
      assertThat(objection(SIGNED)).isEmpty();

      git.run("reset", "-q", "--hard", applied);
      git.write("policies/approvals.yaml", APPROVAL);
      commitWithGpg(keys, "mallory");
      assertThat(objection(SIGNED))
          .hasValueSatisfying(why -> assertThat(why).contains("not among the allowed signers"));

      git.run("reset", "-q", "--hard", applied);
      git.write("policies/approvals.yaml", APPROVAL);
      signedAs("bob", "bob-ed25519", "agree");
      assertThat(objection(SIGNED)).isEmpty();
    } finally {
      run(List.of("gpgconf", "--homedir", keys.toString(), "--kill", "all"));
    }
  }

  @Test
  void lessRulesAndOtherSignersLoosen() throws Exception {
    assertThat(loosens(SIGNED, SIGNED)).isEmpty();
    assertThat(loosens(SIGNED, BOTH)).isEmpty();
    assertThat(loosens(ApprovalRules.NONE, BOTH)).isEmpty();
    assertThat(loosens(BOTH, SIGNED)).isPresent();
    assertThat(loosens(SIGNED, new ApprovalRules(true, Optional.of("other"), false))).isPresent();

    git.write("keys/signers", "mallory@example.com " + publicKey("mallory", "ed25519"));
    commitAs("mallory", "trust me");
    assertThat(loosens(SIGNED, SIGNED))
        .hasValueSatisfying(why -> assertThat(why).contains("keys/signers changed"));
    assertThat(loosens(OTHER, OTHER)).isEmpty();
  }

  @Test
  void whoAgreedToOneSignerHasNotAgreedToAnother() throws Exception {
    git.write("keys/signers", "carol@example.com " + publicKey("bob", "ed25519"));
    commitAs("alice", "carol may agree");
    String carol = endorsement(SIGNED, SIGNED).change();
    git.write("keys/signers", "mallory@example.com " + publicKey("mallory", "ed25519"));
    commitAs("mallory", "or I");

    assertThat(carol).startsWith("keepset.approvals.");
    assertThat(endorsement(SIGNED, SIGNED).change()).isNotEqualTo(carol);
    assertThat(endorsement(SIGNED, ApprovalRules.NONE).change())
        .isNotEqualTo(endorsement(SIGNED, SIGNED).change());
  }

  @Test
  void signersThatCantBeComparedAreNotTheSame() throws Exception {
    applied = "0123456789012345678901234567890123456789";

    assertThat(loosens(SIGNED, SIGNED))
        .hasValueSatisfying(why -> assertThat(why).contains("is not in this repository"));
  }

  private Optional<String> loosens(ApprovalRules before, ApprovalRules now) {
    return endorsement(before, now).loosens();
  }

  private ApprovalEndorsement endorsement(ApprovalRules before, ApprovalRules now) {
    return GitEndorsement.of(
        git.directory().resolve(".git"),
        "policies",
        new Revision(git.run("rev-parse", "HEAD").strip(), false),
        Optional.of(new Revision(applied, false)),
        before,
        now);
  }

  @Test
  void aDirectoryOutsideOfGitCanShowNoSignature() {
    assertThat(
            GitEndorsement.ofWorkTree(
                    home, Revision.DIRECTORY, Optional.empty(), OTHER, ApprovalRules.NONE)
                .objection(null, null))
        .hasValueSatisfying(why -> assertThat(why).contains("outside of Git"));
    assertThat(
            GitEndorsement.ofWorkTree(
                    home, new Revision(applied, true), Optional.empty(), OTHER, ApprovalRules.NONE)
                .objection(null, null))
        .hasValueSatisfying(why -> assertThat(why).contains("commit them"));
  }

  private void commitWithGpg(Path keys, String who) throws Exception {
    Path wrapper = home.resolve("gpg-" + who);
    Files.writeString(wrapper, "#!/bin/sh\nexec gpg --homedir '" + keys + "' --batch \"$@\"\n");
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
    commitAs(
        who,
        "agree",
        "gpg.program=" + wrapper,
        "user.signingkey=" + who + "@example.com",
        "commit.gpgsign=true");
  }

  private static String gpg(Path keys, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "gpg",
                "--homedir",
                keys.toString(),
                "--batch",
                "-q",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                ""));
    command.addAll(List.of(arguments));
    return run(command);
  }
}
