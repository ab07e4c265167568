package io.keepset.app.git;

import io.keepset.app.PolicyFiles;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicyPath;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Reads the policy files of a commit's tree, and remembers them by their content: a folder that is
 * the same in the next commit is not opened again, and a file that is the same is the same object.
 */
final class GitTree {
  /** One byte more than a policy file may have, so that a larger one is noticed. */
  private static final int ENOUGH = (1 << 20) + 1;

  /** Folders in folders, and entries in all: beyond that a tree was made to be endless. */
  private static final int DEEPEST = 100;

  private static final int MOST_ENTRIES = 1_000_000;
  private static final String LFS = "version https://git-lfs.github.com/spec/";

  private record Folder(ObjectId id, List<SourceFile> files, List<Diagnostic> diagnostics) {}

  private record Blob(ObjectId id, SourceFile file) {}

  private Map<String, Folder> folders = new HashMap<>();
  private Map<String, Blob> blobs = new HashMap<>();

  /** The policy files below the settings' folder; their paths are relative to it. */
  PolicyFiles read(Repository repository, ObjectId root, GitSettings settings)
      throws IOException, DriverException {
    ObjectId top = root;
    if (!settings.path().isEmpty()) {
      try (TreeWalk found = TreeWalk.forPath(repository, settings.path(), root)) {
        if (found == null || found.getFileMode(0) != FileMode.TREE) {
          throw new DriverException(
              Kind.NOT_FOUND,
              settings.shown() + " has no folder " + settings.path() + ": check --path");
        }
        top = found.getObjectId(0);
      }
    }
    try (ObjectReader reader = repository.newObjectReader()) {
      Reading reading = new Reading(repository, reader, root, settings);
      Folder all = reading.folder("", top, 0);
      folders = reading.nextFolders;
      blobs = reading.nextBlobs;
      List<SourceFile> files = new ArrayList<>(all.files());
      files.sort(Comparator.comparing(SourceFile::path));
      return new PolicyFiles(files, all.diagnostics());
    }
  }

  /** The reading of one tree. */
  private final class Reading {
    private final Repository repository;
    private final ObjectReader reader;
    private final ObjectId root;
    private final GitSettings settings;
    private final Map<String, Folder> nextFolders = new HashMap<>();
    private final Map<String, Blob> nextBlobs = new HashMap<>();
    private int entries;
    private int found;

    Reading(Repository repository, ObjectReader reader, ObjectId root, GitSettings settings) {
      this.repository = repository;
      this.reader = reader;
      this.root = root;
      this.settings = settings;
    }

    Folder folder(String prefix, ObjectId id, int depth) throws IOException, DriverException {
      Folder before = folders.get(prefix);
      if (before != null && before.id().equals(id)) {
        keep(prefix, before);
        return before;
      }
      List<SourceFile> files = new ArrayList<>();
      List<Diagnostic> diagnostics = new ArrayList<>();
      CanonicalTreeParser parser = new CanonicalTreeParser(new byte[0], reader, id);
      for (; !parser.eof() && found <= PolicyLoader.MOST_FILES; parser.next()) {
        if (++entries > MOST_ENTRIES || depth > DEEPEST) {
          throw new DriverException(
              Kind.REJECTED,
              settings.shown()
                  + " holds more than "
                  + MOST_ENTRIES
                  + " files or more than "
                  + DEEPEST
                  + " folders in each other: point --path at the folder with the policies");
        }
        String path = prefix + parser.getEntryPathString();
        FileMode mode = parser.getEntryFileMode();
        ObjectId entry = parser.getEntryObjectId();
        if (mode == FileMode.TREE) {
          if (!parser.getEntryPathString().startsWith(".")) {
            Folder inner = folder(path + "/", entry, depth + 1);
            files.addAll(inner.files());
            diagnostics.addAll(inner.diagnostics());
          }
        } else if (mode == FileMode.GITLINK) {
          diagnostics.add(submodule(path));
        } else if (mode == FileMode.SYMLINK) {
          link(path, entry, diagnostics);
        } else if (PolicyPath.counts(path)) {
          found++;
          file(path, entry, files, diagnostics);
        }
      }
      Folder read = new Folder(id, files, diagnostics);
      nextFolders.put(prefix, read);
      return read;
    }

    /** Carries an unchanged folder with all below it over to the next reading. */
    private void keep(String prefix, Folder folder) {
      found += folder.files().size();
      nextFolders.put(prefix, folder);
      if (folders.size() > 1) {
        folders.forEach(
            (path, inner) -> {
              if (path.startsWith(prefix)) {
                nextFolders.put(path, inner);
              }
            });
      }
      for (SourceFile file : folder.files()) {
        Blob blob = blobs.get(file.path());
        if (blob != null) {
          nextBlobs.put(file.path(), blob);
        }
      }
    }

    private void file(
        String path, ObjectId id, List<SourceFile> files, List<Diagnostic> diagnostics)
        throws IOException {
      Blob blob = blobs.get(path);
      if (blob == null || !blob.id().equals(id)) {
        blob = new Blob(id, new SourceFile(path, bytes(id)));
      }
      if (isLfsPointer(blob.file().bytes())) {
        diagnostics.add(
            Diagnostic.error(
                    "git.lfs",
                    "the file itself is not in the repository, only a pointer of Git LFS",
                    new Location(path, 1, 1))
                .withHint("policy files are small: take them out of LFS in .gitattributes"));
        return;
      }
      nextBlobs.put(path, blob);
      files.add(blob.file());
    }

    private byte[] bytes(ObjectId id) throws IOException {
      ObjectLoader loader = reader.open(id, Constants.OBJ_BLOB);
      if (loader.getSize() <= ENOUGH) {
        return loader.getCachedBytes(ENOUGH);
      }
      try (InputStream in = loader.openStream()) {
        return in.readNBytes(ENOUGH);
      }
    }

    /** Links are not followed; one that could hide policies is a mistake. */
    private void link(String path, ObjectId id, List<Diagnostic> diagnostics) throws IOException {
      String target = new String(bytes(id), StandardCharsets.UTF_8);
      String full = settings.path().isEmpty() ? path : settings.path() + "/" + path;
      String inside = TreePath.resolve(full, target);
      String message;
      if (inside == null) {
        boolean couldBeFolder = path.indexOf('.', path.lastIndexOf('/') + 1) < 0;
        message =
            PolicyPath.counts(path) || couldBeFolder ? "the link leads out of the repository" : "";
      } else {
        FileMode mode = mode(inside);
        boolean belowRoot =
            settings.path().isEmpty() || (inside + "/").startsWith(settings.path() + "/");
        boolean matters = PolicyPath.counts(path) || mode == FileMode.TREE;
        message =
            mode == FileMode.MISSING && PolicyPath.counts(path)
                ? "the link leads nowhere"
                : !belowRoot && matters ? "the link leads out of the policy directory" : "";
      }
      if (!message.isEmpty()) {
        diagnostics.add(
            Diagnostic.error("load.link", message, new Location(path, 1, 1))
                .withHint("put a copy of the file here, or remove the link"));
      }
    }

    private FileMode mode(String path) throws IOException {
      if (path.isEmpty()) {
        return FileMode.TREE;
      }
      try (TreeWalk walk = TreeWalk.forPath(repository, path, root)) {
        return walk == null ? FileMode.MISSING : walk.getFileMode(0);
      }
    }
  }

  private static Diagnostic submodule(String path) {
    return Diagnostic.error(
            "git.submodule",
            "a submodule stands here: Keepset reads one repository only",
            new Location(path, 1, 1))
        .withHint("point --path at a folder without it, or put the policies into this repository");
  }

  private static boolean isLfsPointer(byte[] bytes) {
    return bytes.length < 1024 && new String(bytes, StandardCharsets.UTF_8).startsWith(LFS);
  }
}
