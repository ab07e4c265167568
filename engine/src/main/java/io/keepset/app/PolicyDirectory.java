package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicyPath;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads all policy files below a directory. Links are not followed: one that stays inside names a
 * file that is read anyway, one that leaves the directory is an error, because what it shows is not
 * what was reviewed.
 */
public final class PolicyDirectory {
  /** One byte more than a policy file may have, so that a larger one is noticed. */
  private static final int ENOUGH = (1 << 20) + 1;

  private final Path root;
  private final List<SourceFile> files = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private PolicyDirectory(Path root) {
    this.root = root;
  }

  /**
   * @throws IOException if the directory itself can't be read
   */
  public static PolicyFiles read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? new NotDirectoryException(
              directory + " is a file: name the directory that holds the policy files")
          : new NotDirectoryException(
              "there is no directory "
                  + directory
                  + ": name the one with the policy files, or make one with keepset init");
    }
    PolicyDirectory reading = new PolicyDirectory(directory.toRealPath());
    Files.walkFileTree(reading.root, reading.new Visitor());
    reading.files.sort(Comparator.comparing(SourceFile::path));
    return new PolicyFiles(reading.files, reading.diagnostics);
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      if (dir.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      String path = relative(dir);
      if (PolicyPath.counts(path)) {
        noFile(path, "a directory has the name of a policy file");
      }
      return dir.getFileName().toString().startsWith(".")
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String path = relative(file);
      if (attributes.isSymbolicLink()) {
        link(file, path);
      } else if (PolicyPath.counts(path) && attributes.isRegularFile()) {
        file(file, path);
      } else if (PolicyPath.counts(path)) {
        // Never opened: a pipe that nobody writes to would hold us for ever.
        noFile(path, "this is a pipe, a socket or a device, not a file");
      }
      // One more than the loader allows is enough for it to say so.
      return files.size() > PolicyLoader.MOST_FILES
          ? FileVisitResult.TERMINATE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      unreadable(relative(file), e);
      return FileVisitResult.CONTINUE;
    }
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private void noFile(String path, String what) {
    diagnostics.add(
        Diagnostic.error("load.unreadable", what, new Location(path, 1, 1))
            .withHint("put a file there, or give it another name"));
  }

  private void file(Path file, String path) {
    try (InputStream in = Files.newInputStream(file)) {
      files.add(new SourceFile(path, in.readNBytes(ENOUGH)));
    } catch (IOException e) {
      unreadable(path, e);
    }
  }

  private void unreadable(String path, IOException e) {
    diagnostics.add(
        Diagnostic.error(
                "load.unreadable",
                "the file can't be read: " + e.getClass().getSimpleName(),
                new Location(path, 1, 1))
            .withHint("check its permissions"));
  }

  private void link(Path file, String path) {
    try {
      Path target = file.toRealPath();
      if (!target.startsWith(root) && (PolicyPath.counts(path) || Files.isDirectory(target))) {
        diagnostics.add(
            Diagnostic.error(
                    "load.link",
                    "the link leads out of the policy directory",
                    new Location(path, 1, 1))
                .withHint("put a copy of the file here, or remove the link"));
      }
    } catch (IOException e) {
      if (PolicyPath.counts(path)) {
        diagnostics.add(
            Diagnostic.error("load.link", "the link leads nowhere", new Location(path, 1, 1))
                .withHint("remove the link, or put the file there"));
      }
    }
  }
}
