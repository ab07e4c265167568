package io.keepset.app.git;

import io.keepset.app.PolicyFeed;
import io.keepset.app.WritablePolicies;
import io.keepset.plan.Revision;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Follows one branch, tag or commit of a Git repository. A repository on this machine is read where
 * it lies and written only through {@link #writable}; of another one a bare copy is kept below the
 * data directory, so that only what is new travels. What goes wrong leaves the last snapshot as it
 * was: it is the caller's to go on with. Safe for several threads, one reading at a time.
 */
public final class GitPolicies implements AutoCloseable {
  /** How long a remote may stay silent. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final GitSettings settings;
  private final @Nullable GitMirror mirror;
  private final Repository repository;
  private final GitTree tree = new GitTree();
  private final GitTree treeOfOthers = new GitTree();
  private final GitPlace place;
  private @Nullable GitSnapshot last;

  private GitPolicies(GitSettings settings, @Nullable GitMirror mirror, Repository repository) {
    this.settings = settings;
    this.mirror = mirror;
    this.repository = repository;
    this.place = new GitPlace(settings, repository, mirror, new GitTree());
  }

  /**
   * Opens without asking the remote.
   *
   * @param data Keepset's data directory; the copy lies in {@code git/} below it
   * @throws DriverException if the URL can't be used or names no repository on this machine
   */
  public static GitPolicies open(GitSettings settings, Path data, Secrets secrets)
      throws DriverException {
    return open(settings, data, secrets, PATIENCE);
  }

  static GitPolicies open(GitSettings settings, Path data, Secrets secrets, Duration patience)
      throws DriverException {
    QuietSystem.install();
    try {
      Optional<Path> local = settings.local();
      if (local.isPresent()) {
        return new GitPolicies(settings, null, openLocal(local.get()));
      }
      GitAccess access = GitAccess.of(settings, secrets);
      Path directory = data.resolve("git").resolve(name(settings.url()) + ".git");
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Repository copy = new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare().build();
      if (!Files.exists(directory.resolve("HEAD"))) {
        copy.create(true);
      }
      return new GitPolicies(settings, new GitMirror(settings, access, copy, patience), copy);
    } catch (IOException e) {
      throw GitTroubles.explain(e, settings);
    }
  }

  private static Repository openLocal(Path path) throws DriverException, IOException {
    FileRepositoryBuilder builder = new FileRepositoryBuilder();
    Path inner = path.resolve(".git");
    if (Files.exists(inner)) {
      builder.setWorkTree(path.toFile());
    } else {
      builder.setGitDir(path.toFile()).setBare();
    }
    builder.setMustExist(true);
    try {
      return builder.build();
    } catch (org.eclipse.jgit.errors.RepositoryNotFoundException e) {
      throw new DriverException(
          Kind.NOT_FOUND,
          path + " is no Git repository: name its top folder, or use --policies for a plain folder",
          e);
    }
  }

  private static String name(String url) throws IOException {
    try {
      byte[] hash =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(url.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 10);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Asks the remote and reads the newest commit.
   *
   * @throws DriverException with the cause and the fix; {@link #last} is unchanged
   */
  public synchronized GitSnapshot read() throws DriverException {
    try (GitRefs refs = new GitRefs(settings, repository, mirror != null)) {
      ObjectId before = remembered(refs);
      if (mirror != null && !refs.isKnownCommit(settings.ref())) {
        mirror.fetch();
      }
      ObjectId commit = refs.resolve(settings.ref(), mirror);
      Optional<String> rewritten =
          before == null || refs.continues(before, commit)
              ? Optional.empty()
              : Optional.of(before.name());
      GitSnapshot snapshot = snapshot(commit, rewritten);
      if (mirror != null) {
        mirror.remember(settings.ref(), commit);
      }
      last = snapshot;
      return snapshot;
    } catch (IOException e) {
      throw GitTroubles.explain(e, settings);
    }
  }

  /**
   * A commit that is here already; the remote is not asked, nothing is written, and {@link #last}
   * stays.
   *
   * @param commit its id, or at least seven characters of it
   */
  public Optional<GitSnapshot> at(String commit) throws DriverException {
    synchronized (treeOfOthers) {
      try (GitRefs refs = new GitRefs(settings, repository, mirror != null)) {
        Optional<ObjectId> found = refs.here(commit);
        return found.isEmpty()
            ? Optional.empty()
            : Optional.of(snapshot(treeOfOthers, found.get(), Optional.empty()));
      } catch (IOException e) {
        throw GitTroubles.explain(e, settings);
      }
    }
  }

  /**
   * Like {@link #read}, but empty if the commit is the one of {@link #last}.
   *
   * @throws DriverException as {@link #read}
   */
  public synchronized Optional<GitSnapshot> poll() throws DriverException {
    GitSnapshot before = last;
    GitSnapshot now = read();
    return before != null && before.revision().equals(now.revision())
        ? Optional.empty()
        : Optional.of(now);
  }

  /**
   * The last snapshot that was read, if need be by an earlier process: what stays in force while
   * the remote can't be reached.
   */
  public synchronized Optional<GitSnapshot> last() throws DriverException {
    if (last == null && mirror != null) {
      try (GitRefs refs = new GitRefs(settings, repository, true)) {
        ObjectId commit = remembered(refs);
        last = commit == null ? null : snapshot(commit, Optional.empty());
      } catch (IOException e) {
        throw GitTroubles.explain(e, settings);
      }
    }
    return Optional.ofNullable(last);
  }

  PolicyFeed.Provenance provenance(Revision planned) {
    Path directory = repository.getDirectory().toPath();
    return (applied, before, now) ->
        GitEndorsement.of(directory, settings.path(), planned, applied, before, now);
  }

  /** The same policies, to be written. */
  WritablePolicies writable() {
    return new GitWriter(this);
  }

  /** What is done while nobody else reads or writes through this object. */
  interface Work<T> {
    T with(GitPlace place) throws DriverException, IOException;
  }

  synchronized <T> T exclusively(Work<T> work) throws DriverException {
    try {
      return work.with(place);
    } catch (IOException e) {
      throw GitTroubles.explain(e, settings);
    }
  }

  private @Nullable ObjectId remembered(GitRefs refs) throws IOException {
    GitSnapshot snapshot = last;
    return snapshot != null
        ? ObjectId.fromString(snapshot.revision().id())
        : refs.remembered(settings.ref());
  }

  private GitSnapshot snapshot(ObjectId commit, Optional<String> rewritten)
      throws IOException, DriverException {
    return snapshot(tree, commit, rewritten);
  }

  private GitSnapshot snapshot(GitTree files, ObjectId commit, Optional<String> rewritten)
      throws IOException, DriverException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(commit);
      return new GitSnapshot(
          new Revision(commit.name(), false),
          files.read(repository, parsed.getTree(), settings),
          rewritten);
    }
  }

  @Override
  public synchronized void close() {
    repository.close();
  }
}
