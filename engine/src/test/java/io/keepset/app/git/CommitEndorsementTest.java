package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits that the real git signs with the real ssh-keygen and the real gpg. */
class CommitEndorsementTest {
  private static final ApprovalRules SIGNED =
      new ApprovalRules(true, Optional.of("keys/signers"), false);
  private static final ApprovalRules BOTH =
      new ApprovalRules(true, Optional.of("keys/signers"), true);
  private static final ApprovalRules OTHER = new ApprovalRules(false, Optional.empty(), true);
  private static final String APPROVAL =
      """
      approval:
        shrink:
          plan: 0123456789abcdef0123456789abcdef
          changes: [orders.retention.daily]
          backups_deleted: 3
          reason: agreed
          expires: 2027-01-01
      """;

  @TempDir private Path home;
  private RealGit git;
  private String applied;

  @BeforeEach
  void policiesThatWereApplied() throws Exception {
    RealGit.needs("ssh-keygen", "-?");
    git = RealGit.init(home.resolve("repo"));
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 30}}}\n");
    git.write("keys/signers", "bob@example.com " + publicKey("bob", "ed25519"));
    applied = commitAs("alice", "begin");
  }

  private String publicKey(String name, String type) throws Exception {
    Path key = home.resolve(name + "-" + type);
    if (!Files.exists(key)) {
      run(List.of("ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", key.toString()));
    }
    return Files.readString(home.resolve(name + "-" + type + ".pub"));
  }

  private String commitAs(String author, String message, String... more) {
    git.run("add", "-A");
    List<String> command = new ArrayList<>();
    for (String option : more) {
      command.addAll(List.of("-c", option));
    }
    command.addAll(List.of("-c", "user.email=" + author + "@example.com"));
    command.addAll(List.of("commit", "-q", "--allow-empty", "-m", message));
    git.run(command.toArray(String[]::new));
    return git.run("rev-parse", "HEAD").strip();
  }

  private String signedAs(String author, String key, String message) {
    return commitAs(
        author,
        message,
        "gpg.format=ssh",
        "user.signingkey=" + home.resolve(key),
        "commit.gpgsign=true");
  }

  private void change() throws IOException {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    commitAs("alice", "keep less");
  }

  private Optional<String> objection(ApprovalRules rules) throws Exception {
    return objection(rules, Optional.of(new Revision(applied, false)));
  }

  private Optional<String> objection(ApprovalRules rules, Optional<Revision> last)
      throws Exception {
    byte[] file = Files.readAllBytes(git.directory().resolve("policies/approvals.yaml"));
    Approval approval =
        new PolicyLoader()
            .load(List.of(new SourceFile("approvals.yaml", file)))
            .value()
            .approvals()
            .get("shrink");
    Revision planned = new Revision(git.run("rev-parse", "HEAD").strip(), false);
    ApprovalEndorsement inWorkTree =
        GitEndorsement.ofWorkTree(
            git.directory().resolve("policies"), planned, last, rules, ApprovalRules.NONE);
    ApprovalEndorsement inRepository =
        GitEndorsement.of(
            git.directory().resolve(".git"), "policies", planned, last, ApprovalRules.NONE, rules);
    Plan plan = new Plan(planned, Mode.FULL, List.of(), List.of());
    Optional<String> answer = inWorkTree.objection(approval, plan);
    assertThat(inRepository.objection(approval, plan)).isEqualTo(answer);
    return answer;
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
  void whoMadeTheChangeCantAgreeToIt() throws Exception {
    change();
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("alice", "agree with myself");

    assertThat(objection(OTHER))
        .hasValueSatisfying(
            why -> assertThat(why).contains("alice@example.com, who also made the change"));
  }

  @Test
  void changeAndApprovalInOneCommitAreOfOneHand() throws Exception {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("bob", "both");

    assertThat(objection(OTHER)).isPresent();
  }

  @Test
  void somebodyElseCanAgree() throws Exception {
    change();
    git.write("policies/approvals.yaml", APPROVAL);
    commitAs("bob", "agree");

    assertThat(objection(OTHER)).isEmpty();
    assertThat(objection(ApprovalRules.NONE)).isEmpty();
  }

  @Test
  void anotherNameWithTheSameKeyIsTheSameHand() throws Exception {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    signedAs("alias", "bob-ed25519", "keep less");
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");

    assertThat(objection(OTHER)).isEmpty();
    assertThat(objection(BOTH)).isPresent();
  }

  @Test
  void throughAMergeTheOneWhoWroteItCounts() throws Exception {
    change();
    git.run("checkout", "-q", "-b", "agree");
    git.write("policies/approvals.yaml", APPROVAL);
    signedAs("bob", "bob-ed25519", "agree");
    git.run("checkout", "-q", "main");
    git.write("readme.txt", "x");
    commitAs("alice", "elsewhere");
    git.run("merge", "-q", "--no-ff", "-m", "merge", "agree");

    assertThat(objection(BOTH)).isEmpty();
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

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
