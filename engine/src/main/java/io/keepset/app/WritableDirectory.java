package io.keepset.app;

import io.keepset.app.git.GitEndorsement;
import io.keepset.app.git.WorkTree;
import io.keepset.plan.Revision;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * A plain directory: a file is written beside its place, synced, and renamed. Nothing is committed,
 * also where the directory lies in a Git work tree: whoever keeps that commits.
 */
final class WritableDirectory implements WritablePolicies {
  private final Path directory;

  WritableDirectory(Path directory) {
    this.directory = directory;
  }

  @Override
  public Base open(Optional<String> branch) throws DriverException {
    if (branch.isPresent()) {
      throw new DriverException(
          Kind.REJECTED,
          "a plain directory has no branches: follow a Git repository with --git, or leave the"
              + " branch out");
    }
    try {
      PolicyFiles files = PolicyDirectory.read(directory);
      return new Folder(files, WorkTree.revision(directory, files));
    } catch (IOException e) {
      throw trouble("read", e);
    }
  }

  private DriverException trouble(String what, IOException e) {
    return new DriverException(
        e instanceof AccessDeniedException ? Kind.DENIED : Kind.TRANSIENT,
        "the policies in " + directory + " can't be " + what + ": " + e,
        e);
  }

  private PolicyFeed.Provenance provenance(Revision revision) {
    return (applied, before, now) ->
        GitEndorsement.ofWorkTree(directory, revision, applied, before, now);
  }

  private final class Folder implements Base {
    private final PolicyFiles files;
    private final Revision revision;

    Folder(PolicyFiles files, Revision revision) {
      this.files = files;
      this.revision = revision;
    }

    @Override
    public Revision revision() {
      return revision;
    }

    @Override
    public PolicyFiles files() {
      return files;
    }

    @Override
    public PolicyFeed.Provenance provenance() {
      return WritableDirectory.this.provenance(revision);
    }

    @Override
    public boolean followed() {
      return true;
    }

    @Override
    public Draft draft(Edit edit) {
      return new Renaming(this, edit);
    }

    private Optional<byte[]> before(String path) {
      return files.files().stream()
          .filter(file -> file.path().equals(path))
          .findFirst()
          .map(SourceFile::bytes);
    }
  }

  private final class Renaming implements Draft {
    private final Folder base;
    private final Edit edit;

    Renaming(Folder base, Edit edit) {
      this.base = base;
      this.edit = edit;
    }

    /** What is written is not committed. */
    @Override
    public Revision revision() {
      return base.revision().equals(Revision.DIRECTORY)
          ? Revision.DIRECTORY
          : new Revision(base.revision().id(), true);
    }

    @Override
    public PolicyFeed.Provenance provenance() {
      return WritableDirectory.this.provenance(revision());
    }

    @Override
    public boolean land() throws DriverException {
      Path file = directory.resolve(edit.path());
      try {
        Path root = directory.toRealPath();
        Path folder = Files.createDirectories(file.getParent()).toRealPath();
        if (!folder.startsWith(root)) {
          throw new DriverException(
              Kind.REJECTED,
              folder + " is outside of the policy directory: remove the link that leads there");
        }
        Optional<byte[]> now =
            Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        if (!same(now, base.before(edit.path()))) {
          return false;
        }
        if (edit.bytes().isPresent()) {
          replace(folder.resolve(file.getFileName()), edit.bytes().get());
        } else {
          Files.deleteIfExists(file);
        }
        sync(folder);
        return true;
      } catch (IOException e) {
        throw trouble("written", e);
      }
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
      return one.isPresent() == other.isPresent()
          && (one.isEmpty() || Arrays.equals(one.get(), other.orElseThrow()));
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
      // Hidden, so that nobody takes it for a policy file.
      Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
      try {
        try (FileChannel channel =
            FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          java.nio.ByteBuffer all = java.nio.ByteBuffer.wrap(bytes);
          while (all.hasRemaining()) {
            channel.write(all);
          }
          channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    }

    private static void sync(Path folder) throws IOException {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
