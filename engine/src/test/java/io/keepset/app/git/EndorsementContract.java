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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real repository with policies that were applied, and people who sign their commits. */
abstract class EndorsementContract {
  static final ApprovalRules SIGNED = new ApprovalRules(true, Optional.of("keys/signers"), false);

  static final ApprovalRules BOTH = new ApprovalRules(true, Optional.of("keys/signers"), true);

  static final ApprovalRules OTHER = new ApprovalRules(false, Optional.empty(), true);

  static final String APPROVAL =
      """
      approval:
        shrink:
          plan: 0123456789abcdef0123456789abcdef
          changes: [orders.retention.daily]
          backups_deleted: 3
          reason: agreed
          expires: 2027-01-01
      """;

  @TempDir Path home;

  RealGit git;

  String applied;

  @BeforeEach
  void policiesThatWereApplied() throws Exception {
    RealGit.needs("ssh-keygen", "-?");
    git = RealGit.init(home.resolve("repo"));
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 30}}}\n");
    git.write("keys/signers", "bob@example.com " + publicKey("bob", "ed25519"));
    applied = commitAs("alice", "begin");
  }

  String publicKey(String name, String type) throws Exception {
    Path key = home.resolve(name + "-" + type);
    if (!Files.exists(key)) {
      run(List.of("ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", key.toString()));
    }
    return Files.readString(home.resolve(name + "-" + type + ".pub"));
  }

  String commitAs(String author, String message, String... more) {
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

  String signedAs(String author, String key, String message) {
    return commitAs(
        author,
        message,
        "gpg.format=ssh",
        "user.signingkey=" + home.resolve(key),
        "commit.gpgsign=true");
  }

  void change() throws IOException {
    git.write("policies/gold.yaml", "policy: {gold: {retention: {daily: 7}}}\n");
    commitAs("alice", "keep less");
  }

  /** As the files say it now. */
  Approval approval() throws IOException {
    byte[] file = Files.readAllBytes(git.directory().resolve("policies/approvals.yaml"));
    return new PolicyLoader()
        .load(List.of(new SourceFile("approvals.yaml", file)))
        .value()
        .approvals()
        .get("shrink");
  }

  Optional<String> objection(ApprovalRules rules) throws Exception {
    return objection(rules, Optional.of(new Revision(applied, false)));
  }

  Optional<String> objection(ApprovalRules rules, Optional<Revision> last) throws Exception {
    Approval approval = approval();
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

  static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
