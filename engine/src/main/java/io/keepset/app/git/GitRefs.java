package io.keepset.app.git;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** From the name of a branch, tag or commit to the commit. */
final class GitRefs implements AutoCloseable {
  private static final int NAMES = 8;

  private final GitSettings settings;
  private final Repository repository;
  private final boolean copy;
  private final RevWalk walk;

  GitRefs(GitSettings settings, Repository repository, boolean copy) {
    this.settings = settings;
    this.repository = repository;
    this.copy = copy;
    this.walk = new RevWalk(repository);
    walk.setRetainBody(false);
  }

  /** True for a full commit id that is here already: it can't change, nobody needs asking. */
  boolean isKnownCommit(String ref) throws IOException {
    return ObjectId.isId(ref) && repository.getObjectDatabase().has(ObjectId.fromString(ref));
  }

  /** The commit read last for a ref by an earlier process, from the copy. */
  @Nullable ObjectId remembered(String ref) throws IOException {
    Ref found = copy ? repository.exactRef(GitMirror.pinned(ref)) : null;
    return found == null ? null : found.getObjectId();
  }

  ObjectId resolve(String name, @Nullable GitMirror mirror) throws IOException, DriverException {
    ObjectId found = find(name);
    if (found == null && mirror != null && ObjectId.isId(name)) {
      mirror.fetchCommit(ObjectId.fromString(name));
      found = find(name);
    }
    if (found == null) {
      throw missing(name);
    }
    try {
      return walk.parseCommit(found).toObjectId();
    } catch (IncorrectObjectTypeException e) {
      throw new DriverException(
          Kind.REJECTED,
          "in "
              + settings.shown()
              + " "
              + name
              + " names no commit: use a branch, a tag or a commit",
          e);
    }
  }

  /** A commit by its id or the beginning of it, if it is here already. */
  Optional<ObjectId> here(String id) throws IOException, DriverException {
    ObjectId found = commit(id);
    try {
      return found == null ? Optional.empty() : Optional.of(walk.parseCommit(found).toObjectId());
    } catch (IncorrectObjectTypeException e) {
      return Optional.empty(); // a folder or a file
    }
  }

  /** True if the later commit has the earlier one in its history. */
  boolean continues(ObjectId earlier, ObjectId later) throws IOException {
    if (earlier.equals(later)) {
      return true;
    }
    try {
      return walk.isMergedInto(walk.parseCommit(earlier), walk.parseCommit(later));
    } catch (MissingObjectException e) {
      return false; // history was rewritten and the old commit already swept away
    }
  }

  private @Nullable ObjectId find(String name) throws IOException, DriverException {
    if (name.equals(Constants.HEAD)) {
      Ref head = repository.exactRef(copy ? GitMirror.HEAD : Constants.HEAD);
      return head == null ? null : head.getObjectId();
    }
    if (name.startsWith("refs/")) {
      Ref full = repository.exactRef(name);
      return full == null ? null : full.getObjectId();
    }
    Ref branch = repository.exactRef(Constants.R_HEADS + name);
    Ref tag = repository.exactRef(Constants.R_TAGS + name);
    if (branch != null && tag != null) {
      throw new DriverException(
          Kind.REJECTED,
          settings.shown()
              + " has a branch and a tag named "
              + name
              + ": write refs/heads/"
              + name
              + " or refs/tags/"
              + name);
    }
    if (branch != null || tag != null) {
      return branch != null ? branch.getObjectId() : tag.getObjectId();
    }
    return name.matches("[0-9a-f]{7,64}") ? commit(name) : null;
  }

  private @Nullable ObjectId commit(String abbreviated) throws IOException, DriverException {
    try {
      ObjectId id = repository.resolve(abbreviated);
      return id != null && repository.getObjectDatabase().has(id) ? id : null;
    } catch (AmbiguousObjectException e) {
      throw new DriverException(
          Kind.REJECTED,
          "in "
              + settings.shown()
              + " several objects begin with "
              + abbreviated
              + ": write the commit id in full",
          e);
    }
  }

  private DriverException missing(String name) throws IOException {
    List<Ref> branches = repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS);
    if (branches.isEmpty()) {
      return new DriverException(
          Kind.NOT_FOUND,
          settings.shown() + " is empty: commit the policies and push them to a branch first");
    }
    String names =
        branches.stream()
            .limit(NAMES)
            .map(ref -> Repository.shortenRefName(ref.getName()))
            .collect(Collectors.joining(", "));
    String more = branches.size() > NAMES ? " and " + (branches.size() - NAMES) + " more" : "";
    String what =
        name.equals(Constants.HEAD)
            ? "HEAD of " + settings.shown() + " points to no branch"
            : settings.shown() + " has no branch, tag or commit named " + name;
    return new DriverException(
        Kind.NOT_FOUND, what + ": use --ref with one of its branches: " + names + more);
  }

  @Override
  public void close() {
    walk.close();
  }
}
