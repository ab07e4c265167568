package io.keepset.app.git;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Judges approvals by the commits that added them. The commit that added an approval is the first
 * whose files say it as it is now: who edits one adds another. Whose signatures are good is read
 * from the revision that was applied last, never from the one under review, where whoever wants to
 * get through could add himself.
 */
final class CommitEndorsement implements ApprovalEndorsement {
  /** Further back nobody looks; an approval that old is not one of this plan. */
  private static final int MOST_COMMITS = 10_000;

  private final Repository repository;
  private final String folder;
  private final ObjectId planned;
  private final Optional<ObjectId> applied;
  private final ApprovalRules rules;
  private final CommitFiles files;
  private final int mostCommits;

  /**
   * @param folder of the policies in the repository; empty for its top
   * @param applied the revision that was applied last, if it is one of this repository
   */
  CommitEndorsement(
      Repository repository,
      String folder,
      ObjectId planned,
      Optional<ObjectId> applied,
      ApprovalRules rules) {
    this(repository, folder, planned, applied, rules, MOST_COMMITS);
  }

  /** The same, and how many commits are looked at. */
  CommitEndorsement(
      Repository repository,
      String folder,
      ObjectId planned,
      Optional<ObjectId> applied,
      ApprovalRules rules,
      int mostCommits) {
    this.repository = repository;
    this.folder = folder;
    this.planned = planned;
    this.applied = applied;
    this.rules = rules;
    this.files = new CommitFiles(repository);
    this.mostCommits = mostCommits;
  }

  @Override
  public Optional<String> objection(Approval approval, Plan plan) {
    try (RevWalk walk = new RevWalk(repository)) {
      return judge(walk, approval);
    } catch (IOException e) {
      return Optional.of(
          "can't be judged, because the repository can't be read: " + e.getMessage());
    }
  }

  private Optional<String> judge(RevWalk walk, Approval approval) throws IOException {
    Optional<RevCommit> found = adder(walk, approval);
    if (found.isEmpty()) {
      return Optional.of("is in no commit of the last " + mostCommits);
    }
    RevCommit adder = found.get();
    Optional<String> key = Optional.empty();
    if (rules.signed()) {
      if (applied.isEmpty()) {
        return Optional.of(
            "must be signed, but no revision of this repository was applied yet whose allowed"
                + " signers could be trusted");
      }
      String path = rules.allowedSigners().orElse("");
      Optional<byte[]> file = files.read(walk.parseCommit(applied.get()), path);
      if (file.isEmpty()) {
        return Optional.of(
            "must be signed, but the revision that was applied last ("
                + CommitFiles.name(walk.parseCommit(applied.get()))
                + ") has no file "
                + path
                + " that says whose signatures are good");
      }
      TrustedSigners signers = new TrustedSigners(file.get());
      Optional<String> problem = unsigned(adder, signers);
      if (problem.isPresent()) {
        return problem;
      }
      key = keyOf(adder, signers);
    }
    return rules.otherAuthor() ? sameHand(walk, adder, key) : Optional.empty();
  }

  private Optional<String> unsigned(RevCommit adder, TrustedSigners signers) throws IOException {
    Optional<TrustedSigners.Judgement> judgement = SignedCommit.judge(repository, adder, signers);
    if (judgement.isEmpty()) {
      return Optional.of(
          "was added by commit " + CommitFiles.name(adder) + ", which nobody signed");
    }
    return judgement.get().good()
        ? Optional.empty()
        : Optional.of(
            "was added by commit "
                + CommitFiles.name(adder)
                + ", whose signature "
                + judgement.get().problem());
  }

  private Optional<String> sameHand(RevWalk walk, RevCommit adder, Optional<String> key)
      throws IOException {
    String author = author(adder);
    if (isNobody(author)) {
      return Optional.of(unknown("was added", adder));
    }
    BroughtCommits changes = new BroughtCommits(repository, folder);
    List<RevCommit> brought = changes.between(walk, applied, planned, mostCommits + 1);
    if (brought.size() > mostCommits) {
      return Optional.of(
          "can't be judged: the plan brings more than "
              + mostCommits
              + " commits, too many to look who made them; bring an earlier one into force first");
    }
    for (RevCommit commit : brought) {
      if (changes.moreThanApprovals(walk, commit)) {
        if (isNobody(author(commit))) {
          return Optional.of(unknown("agrees to a change that was made", commit));
        }
        boolean sameKey = key.isPresent() && key.equals(trustedKeyOf(walk, commit));
        if (author(commit).equals(author) || sameKey) {
          return Optional.of(
              "was added by commit "
                  + CommitFiles.name(adder)
                  + " of "
                  + adder.getAuthorIdent().getEmailAddress()
                  + ", who also made the change ("
                  + CommitFiles.name(commit)
                  + "): somebody else must agree");
        }
      }
    }
    return Optional.empty();
  }

  /** What was written with a token of which nobody knows whose it is. */
  private static boolean isNobody(String author) {
    return author.endsWith("@" + GitCommit.DOMAIN);
  }

  private static String unknown(String what, RevCommit commit) {
    return what
        + " by commit "
        + CommitFiles.name(commit)
        + " with the token "
        + commit.getAuthorIdent().getName()
        + ", of which no person is known, so that nobody can tell whether somebody else agrees:"
        + " make a token with --person and write the change with that";
  }

  private Optional<String> trustedKeyOf(RevWalk walk, RevCommit commit) throws IOException {
    Optional<byte[]> signers =
        applied.isEmpty()
            ? Optional.empty()
            : files.read(walk.parseCommit(applied.get()), rules.allowedSigners().orElse(""));
    return signers.isEmpty() ? Optional.empty() : keyOf(commit, new TrustedSigners(signers.get()));
  }

  private Optional<String> keyOf(RevCommit commit, TrustedSigners signers) throws IOException {
    return SignedCommit.judge(repository, commit, signers).flatMap(TrustedSigners.Judgement::key);
  }

  private static String author(RevCommit commit) {
    return commit.getAuthorIdent().getEmailAddress().strip().toLowerCase(Locale.ROOT);
  }

  /** The first commit whose files say the approval as it is now. */
  private Optional<RevCommit> adder(RevWalk walk, Approval approval) throws IOException {
    RevCommit start = walk.parseCommit(planned);
    if (!says(start, approval)) {
      return Optional.empty();
    }
    Deque<RevCommit> next = new ArrayDeque<>(List.of(start));
    Set<ObjectId> seen = new HashSet<>();
    while (!next.isEmpty() && seen.size() < mostCommits) {
      RevCommit commit = next.pop();
      seen.add(commit.getId());
      Optional<RevCommit> earlier = Optional.empty();
      for (RevCommit parent : commit.getParents()) {
        RevCommit parsed = walk.parseCommit(parent);
        if (earlier.isEmpty() && says(parsed, approval)) {
          earlier = Optional.of(parsed);
        }
      }
      if (earlier.isEmpty()) {
        return Optional.of(commit);
      }
      next.push(earlier.get());
    }
    return Optional.empty();
  }

  private boolean says(RevCommit commit, Approval approval) throws IOException {
    String path = folder.isEmpty() ? approval.at().file() : folder + "/" + approval.at().file();
    Optional<byte[]> file;
    try {
      file = files.read(commit, path);
    } catch (CommitFiles.TooLarge e) {
      return false; // no policy file is that large
    }
    if (file.isEmpty()) {
      return false;
    }
    PolicySet set =
        new PolicyLoader().load(List.of(new SourceFile(approval.at().file(), file.get()))).value();
    Approval there = set == null ? null : set.approvals().get(approval.name());
    return there != null && there.digest().equals(approval.digest());
  }
}
