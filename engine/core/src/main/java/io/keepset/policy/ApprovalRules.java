package io.keepset.policy;

import java.util.Optional;

/**
 * Who may agree to a change that weakens.
 *
 * @param signed the commit that adds an approval must carry a good signature
 * @param allowedSigners whose signatures are good: a file in the repository, from its top
 * @param otherAuthor that commit must be by somebody other than the authors of the change
 */
public record ApprovalRules(boolean signed, Optional<String> allowedSigners, boolean otherAuthor) {
  /** Whoever can write to the repository may. */
  public static final ApprovalRules NONE = new ApprovalRules(false, Optional.empty(), false);

  public boolean demandNothing() {
    return !signed && !otherAuthor;
  }

  /** Whether these ask for less than the others did, or trust other signers. */
  public boolean loosen(ApprovalRules before) {
    return (before.signed && (!signed || !allowedSigners.equals(before.allowedSigners)))
        || (before.otherAuthor && !otherAuthor);
  }

  /**
   * What both ask for. The signers are those of the first that asks for signatures: who is trusted
   * is not for the newer rules to say.
   */
  public ApprovalRules and(ApprovalRules newer) {
    return new ApprovalRules(
        signed || newer.signed,
        signed ? allowedSigners : newer.allowedSigners,
        otherAuthor || newer.otherAuthor);
  }
}
