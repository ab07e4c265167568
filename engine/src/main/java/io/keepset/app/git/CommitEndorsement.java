package io.keepset.app.git;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicyPath;
import io.keepset.policy.PolicySet;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Judges approvals by the commits that added them. The commit that added an approval is the first
 * whose files say it as it is now: who edits one adds another. Whose signatures are good is read
 * from the revision that was applied last, never from the one under review, where whoever wants to
 * get through could add himself.
 */
final class CommitEndorsement implements ApprovalEndorsement {
  /** Further back nobody looks; an approval that old is not one of this plan. */
  private static final int MOST_COMMITS = 10_000;

  private static final int LARGEST = 1 << 20;

  private final Repository repository;
  private final String folder;
  private final ObjectId planned;
  private final Optional<ObjectId> applied;
  private final ApprovalRules rules;

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
    this.repository = repository;
    this.folder = folder;
    this.planned = planned;
    this.applied = applied;
    this.rules = rules;
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
      return Optional.of("is in no commit of the last " + MOST_COMMITS);
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
      Optional<byte[]> file = blob(walk.parseCommit(applied.get()), path);
      if (file.isEmpty()) {
        return Optional.of(
            "must be signed, but the revision that was applied last ("
                + name(walk.parseCommit(applied.get()))
                + ") has no file "
                + path
                + " that says whose signatures are good");
      }
      TrustedSigners signers = new TrustedSigners(file.get());
      Optional<String> problem = unsigned(adder, signers);
      if (problem.isPresent()) {
        return problem;
      }
      key = signers.judge(repository, signedPart(adder), adder.getRawGpgSignature()).key();
    }
    return rules.otherAuthor() ? sameHand(walk, adder, key) : Optional.empty();
  }

  private Optional<String> unsigned(RevCommit adder, TrustedSigners signers) throws IOException {
    byte[] signature = adder.getRawGpgSignature();
    if (signature == null) {
      return Optional.of("was added by commit " + name(adder) + ", which nobody signed");
    }
    TrustedSigners.Judgement judgement = signers.judge(repository, signedPart(adder), signature);
    return judgement.good()
        ? Optional.empty()
        : Optional.of(
            "was added by commit " + name(adder) + ", whose signature " + judgement.problem());
  }

  /** The commit as it was signed: without the header that holds the signature. */
  private static byte[] signedPart(RevCommit commit) {
    byte[] raw = commit.getRawBuffer();
    String text = new String(raw, java.nio.charset.StandardCharsets.ISO_8859_1);
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
        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private Optional<String> sameHand(RevWalk walk, RevCommit adder, Optional<String> key)
      throws IOException {
    String author = author(adder);
    if (isNobody(author)) {
      return Optional.of(unknown("was added", adder));
    }
    for (RevCommit commit : since(walk)) {
      if (changesMoreThanApprovals(walk, commit)) {
        if (isNobody(author(commit))) {
          return Optional.of(unknown("agrees to a change that was made", commit));
        }
        boolean sameKey =
            key.isPresent()
                && commit.getRawGpgSignature() != null
                && key.equals(keyOf(walk, commit));
        if (author(commit).equals(author) || sameKey) {
          return Optional.of(
              "was added by commit "
                  + name(adder)
                  + " of "
                  + adder.getAuthorIdent().getEmailAddress()
                  + ", who also made the change ("
                  + name(commit)
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
        + name(commit)
        + " with the token "
        + commit.getAuthorIdent().getName()
        + ", of which no person is known, so that nobody can tell whether somebody else agrees:"
        + " make a token with --person and write the change with that";
  }

  private Optional<String> keyOf(RevWalk walk, RevCommit commit) throws IOException {
    Optional<byte[]> file =
        applied.isEmpty()
            ? Optional.empty()
            : blob(walk.parseCommit(applied.get()), rules.allowedSigners().orElse(""));
    return file.isEmpty()
        ? Optional.empty()
        : new TrustedSigners(file.get())
            .judge(repository, signedPart(commit), commit.getRawGpgSignature())
            .key();
  }

  private static String author(RevCommit commit) {
    return commit.getAuthorIdent().getEmailAddress().strip().toLowerCase(Locale.ROOT);
  }

  /** The commits that the plan brings: those that were not applied yet. */
  private List<RevCommit> since(RevWalk walk) throws IOException {
    List<RevCommit> commits = new ArrayList<>();
    try (RevWalk range = new RevWalk(repository)) {
      range.markStart(range.parseCommit(planned));
      if (applied.isPresent()) {
        range.markUninteresting(range.parseCommit(applied.get()));
      }
      for (RevCommit commit : range) {
        if (commits.size() >= MOST_COMMITS) {
          break;
        }
        commits.add(walk.parseCommit(commit));
      }
    }
    return commits;
  }

  /** A merge adds nothing of its own where it agrees with one of its parents. */
  private boolean changesMoreThanApprovals(RevWalk walk, RevCommit commit) throws IOException {
    if (commit.getParentCount() == 0) {
      return differs(null, commit);
    }
    for (RevCommit parent : commit.getParents()) {
      if (!differs(walk.parseCommit(parent), commit)) {
        return false;
      }
    }
    return true;
  }

  private boolean differs(@Nullable RevCommit before, RevCommit after) throws IOException {
    try (TreeWalk tree = new TreeWalk(repository)) {
      if (before == null) {
        tree.addTree(new EmptyTreeIterator());
      } else {
        tree.addTree(before.getTree());
      }
      tree.addTree(after.getTree());
      tree.setRecursive(true);
      for (DiffEntry entry : DiffEntry.scan(tree)) {
        String path =
            entry.getChangeType() == DiffEntry.ChangeType.DELETE
                ? entry.getOldPath()
                : entry.getNewPath();
        if (matters(path)
            && !withoutApprovals(before == null ? Optional.empty() : blob(before, path), path)
                .equals(withoutApprovals(blob(after, path), path))) {
          return true;
        }
      }
      return false;
    }
  }

  private boolean matters(String path) {
    return (folder.isEmpty() || path.startsWith(folder + "/")) && PolicyPath.counts(path);
  }

  private static SortedMap<String, Node> withoutApprovals(Optional<byte[]> file, String path) {
    SortedMap<String, Node> blocks = new TreeMap<>();
    MapNode map = file.map(bytes -> Readers.read(new SourceFile(path, bytes)).value()).orElse(null);
    if (map != null) {
      for (MapNode.Entry entry : map.entries()) {
        if (!entry.key().equals("approval")) {
          blocks.put(entry.key(), entry.value());
        }
      }
    }
    return blocks;
  }

  /** The first commit whose files say the approval as it is now. */
  private Optional<RevCommit> adder(RevWalk walk, Approval approval) throws IOException {
    RevCommit start = walk.parseCommit(planned);
    if (!says(start, approval)) {
      return Optional.empty();
    }
    Deque<RevCommit> next = new ArrayDeque<>(List.of(start));
    Set<ObjectId> seen = new HashSet<>();
    while (!next.isEmpty() && seen.size() < MOST_COMMITS) {
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
    Optional<byte[]> file = blob(commit, path);
    if (file.isEmpty()) {
      return false;
    }
    PolicySet set =
        new PolicyLoader().load(List.of(new SourceFile(approval.at().file(), file.get()))).value();
    Approval there = set == null ? null : set.approvals().get(approval.name());
    return there != null && there.digest().equals(approval.digest());
  }

  private Optional<byte[]> blob(RevCommit commit, String path) throws IOException {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try (TreeWalk found = TreeWalk.forPath(repository, path, commit.getTree())) {
      boolean file =
          found != null
              && (found.getFileMode(0) == FileMode.REGULAR_FILE
                  || found.getFileMode(0) == FileMode.EXECUTABLE_FILE);
      return file
          ? Optional.of(repository.open(found.getObjectId(0), Constants.OBJ_BLOB).getBytes(LARGEST))
          : Optional.empty();
    }
  }

  static boolean sameFile(Repository repository, String path, ObjectId one, ObjectId other)
      throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return id(repository, path, walk.parseCommit(one))
          .equals(id(repository, path, walk.parseCommit(other)));
    }
  }

  /** The id of a file in a commit; zeros if it is not there. */
  static ObjectId file(Repository repository, String path, ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return id(repository, path, walk.parseCommit(commit));
    }
  }

  private static ObjectId id(Repository repository, String path, RevCommit commit)
      throws IOException {
    if (path.isEmpty()) {
      return ObjectId.zeroId();
    }
    try (TreeWalk found = TreeWalk.forPath(repository, path, commit.getTree())) {
      return found == null ? ObjectId.zeroId() : found.getObjectId(0);
    }
  }

  private static String name(RevCommit commit) {
    return commit.abbreviate(7).name();
  }
}
