package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.ApprovalRules;
import org.junit.jupiter.api.Test;

/** Whoever made a change does not agree to it. */
class SecondPairOfEyesTest extends EndorsementContract {
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
}
