package io.keepset.app.git;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.util.Locale;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.PushCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefLeaseSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/** One commit to one branch, if that is where it was. */
final class GitPush {
  private static final int MOST_WORDS = 2000;

  /** Another name than the one that JGit would answer by itself, without hooks. */
  private static final String REAL_GIT = "git  receive-pack";

  private GitPush() {}

  static PushCommand command(Git git, String url, String ref, ObjectId expected, ObjectId commit) {
    return git.push()
        .setRemote(url)
        .setRefSpecs(new RefSpec(commit.name() + ":" + ref))
        .setRefLeaseSpecs(new RefLeaseSpec(ref, expected.name()));
  }

  /** Through git on this machine, which runs the repository's hooks. */
  static boolean toItself(
      GitSettings settings, Repository repository, String ref, ObjectId expected, ObjectId commit)
      throws DriverException, IOException {
    try (Git git = new Git(repository)) {
      return landed(
          command(git, repository.getDirectory().toString(), ref, expected, commit)
              .setReceivePack(REAL_GIT)
              .call(),
          settings,
          ref);
    } catch (GitAPIException | RuntimeException e) {
      throw GitTroubles.explainWrite(e, settings);
    }
  }

  /** False if the remote had moved on. */
  static boolean landed(Iterable<PushResult> results, GitSettings settings, String ref)
      throws DriverException {
    for (PushResult result : results) {
      RemoteRefUpdate update = result.getRemoteUpdate(ref);
      if (update != null) {
        return landed(update, said(result, update), settings);
      }
    }
    throw new DriverException(
        Kind.TRANSIENT, settings.describe() + " did not say what became of the commit: try again");
  }

  private static boolean landed(RemoteRefUpdate update, String said, GitSettings settings)
      throws DriverException {
    return switch (update.getStatus()) {
      case OK, UP_TO_DATE -> true;
      case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> false;
      case REJECTED_OTHER_REASON -> {
        if (lostTheLock(said)) {
          yield false;
        }
        throw new DriverException(
            Kind.REJECTED, settings.describe() + " refused the commit: " + said);
      }
      case NOT_ATTEMPTED, REJECTED_NODELETE, NON_EXISTING, AWAITING_REPORT ->
          throw new DriverException(
              Kind.TRANSIENT,
              settings.describe()
                  + " did not say what became of the commit ("
                  + update.getStatus()
                  + "): try again");
    };
  }

  /** Two pushes at once: the remote found it out only when it moved the branch. */
  private static boolean lostTheLock(String said) {
    String words = said.toLowerCase(Locale.ROOT);
    return words.contains("lock ref")
        || words.contains("failed to update ref")
        || words.contains("failed to lock")
        || words.contains("incorrect old value");
  }

  private static String said(PushResult result, RemoteRefUpdate update) {
    String reason = update.getMessage() == null ? "" : update.getMessage();
    String words =
        (reason + "\n" + result.getMessages())
            .replaceAll("\\p{Cntrl}+", " ")
            .replaceAll(" +", " ")
            .strip();
    return GitSettings.masked(
        words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + " …" : words);
  }
}
