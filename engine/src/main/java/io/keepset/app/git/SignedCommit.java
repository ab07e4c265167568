package io.keepset.app.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/** Whose signature a commit has. */
final class SignedCommit {
  private SignedCommit() {}

  /** Empty if nobody signed it. */
  static Optional<TrustedSigners.Judgement> judge(
      Repository repository, RevCommit commit, TrustedSigners signers) throws IOException {
    byte[] signature = commit.getRawGpgSignature();
    return signature == null
        ? Optional.empty()
        : Optional.of(signers.judge(repository, signedPart(commit), signature));
  }

  /** The commit as it was signed: without the header that holds the signature. */
  private static byte[] signedPart(RevCommit commit) {
    byte[] raw = commit.getRawBuffer();
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    int headers = text.indexOf("\n\n");
    int start = text.indexOf("\ngpgsig ");
    if (start < 0 || start > headers) {
      start = text.indexOf("\ngpgsig-sha256 ");
    }
    if (start < 0 || start > headers) {
      return raw;
    }
    int end = start + 1;
    do {
      end = text.indexOf('\n', end) + 1;
    } while (text.charAt(end) == ' ');
    return (text.substring(0, start + 1) + text.substring(end))
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
