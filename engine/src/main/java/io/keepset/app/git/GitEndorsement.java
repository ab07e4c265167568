package io.keepset.app.git;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Opens the repository when there is an approval to judge, and not before. */
public final class GitEndorsement implements ApprovalEndorsement {
  private final Opening opening;
  private final Revision planned;
  private final Optional<Revision> applied;
  private final ApprovalRules before;
  private final ApprovalRules now;

  /** Where the policies lie in which repository. */
  private record Place(Repository repository, String folder) {}

  private interface Opening {
    Place open() throws IOException;
  }

  private GitEndorsement(
      Opening opening,
      Revision planned,
      Optional<Revision> applied,
      ApprovalRules before,
      ApprovalRules now) {
    this.opening = opening;
    this.planned = planned;
    this.applied = applied;
    this.before = before;
    this.now = now;
  }

  /** Of policies in a plain directory: only what is committed can be judged. */
  public static ApprovalEndorsement ofWorkTree(
      Path directory,
      Revision planned,
      Optional<Revision> applied,
      ApprovalRules before,
      ApprovalRules now) {
    return new GitEndorsement(
        () -> workTree(directory.toAbsolutePath().normalize()), planned, applied, before, now);
  }

  /** Of policies that are read out of a repository. */
  static ApprovalEndorsement of(
      Path gitDirectory,
      String folder,
      Revision planned,
      Optional<Revision> applied,
      ApprovalRules before,
      ApprovalRules now) {
    return new GitEndorsement(
        () ->
            new Place(
                new FileRepositoryBuilder()
                    .setGitDir(gitDirectory.toFile())
                    .setMustExist(true)
                    .build(),
                folder),
        planned,
        applied,
        before,
        now);
  }

  private static Place workTree(Path directory) throws IOException {
    QuietSystem.install();
    File start = directory.toFile();
    FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(start);
    if (builder.getGitDir() == null) {
      throw new IOException("there is no repository at " + directory);
    }
    Repository repository = builder.build();
    Path top = repository.getWorkTree().toPath().toRealPath();
    return new Place(
        repository, top.relativize(directory.toRealPath()).toString().replace('\\', '/'));
  }

  @Override
  public Optional<String> objection(Approval approval, Plan plan) {
    ApprovalRules rules = before.and(now);
    if (rules.demandNothing()) {
      return Optional.empty();
    }
    if (planned.equals(Revision.DIRECTORY)) {
      return Optional.of("is in a directory outside of Git, where nobody can tell who wrote it");
    }
    if (planned.dirty()) {
      return Optional.of("can't be judged while files differ from their commit: commit them");
    }
    try {
      Place place = opening.open();
      try (Repository repository = place.repository()) {
        return new CommitEndorsement(
                repository,
                place.folder(),
                ObjectId.fromString(planned.id()),
                applied(repository),
                rules)
            .objection(approval, plan);
      }
    } catch (IOException e) {
      return Optional.of("can't be judged, because Git can't be read here: " + e.getMessage());
    }
  }

  @Override
  public Optional<String> loosens() {
    if (now.loosen(before)) {
      return Optional.of("asks for less than what is in force about who may approve");
    }
    boolean comparable = before.signed() && !planned.dirty() && ObjectId.isId(planned.id());
    if (!comparable) {
      return Optional.empty();
    }
    String path = before.allowedSigners().orElse("");
    try {
      Place place = opening.open();
      try (Repository repository = place.repository()) {
        Optional<ObjectId> last = applied(repository);
        if (applied.isPresent() && last.isEmpty()) {
          return Optional.of(
              "can't be compared with what is in force: the revision that was applied last ("
                  + applied.get().describe()
                  + ") is not in this repository; fetch it");
        }
        return last.isEmpty()
                || new CommitFiles(repository)
                    .isSame(path, last.get(), ObjectId.fromString(planned.id()))
            ? Optional.empty()
            : Optional.of("trusts other signers than before: " + path + " changed");
      }
    } catch (IOException e) {
      return Optional.of("can't be compared with what is in force: " + e.getMessage());
    }
  }

  /** Names the rules and the very signers that would hold from then on. */
  @Override
  public String change() {
    String path = now.allowedSigners().or(before::allowedSigners).orElse("");
    String signers = "unknown";
    if (!planned.dirty() && ObjectId.isId(planned.id())) {
      try {
        Place place = opening.open();
        try (Repository repository = place.repository()) {
          signers = new CommitFiles(repository).id(path, ObjectId.fromString(planned.id())).name();
        }
      } catch (IOException e) {
        // Who can't be compared can't be agreed to either: loosens() says why.
      }
    }
    return CHANGE + "." + digest(now + "\n" + signers);
  }

  private static String digest(String text) {
    byte[] sum = Constants.newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sum);
  }

  private Optional<ObjectId> applied(Repository repository) {
    return applied
        .filter(revision -> !revision.dirty() && ObjectId.isId(revision.id()))
        .map(revision -> ObjectId.fromString(revision.id()))
        .filter(id -> isCommit(repository, id));
  }

  /** False for one of another repository, or one that is gone. */
  private static boolean isCommit(Repository repository, ObjectId id) {
    try {
      return repository.open(id).getType() == Constants.OBJ_COMMIT;
    } catch (IOException e) {
      return false;
    }
  }
}
