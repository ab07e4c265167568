package io.keepset.app.git;

import io.keepset.app.WritablePolicies.Edit;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Makes a commit that changes one file, without a work tree and without a reference to it. */
final class GitCommit {
  /** Nobody can get mail there; RFC 2606 keeps it so. */
  static final String DOMAIN = "keepset.invalid";

  private final Repository repository;
  private final GitSettings settings;

  GitCommit(Repository repository, GitSettings settings) {
    this.repository = repository;
    this.settings = settings;
  }

  /**
   * The commit's id. All other files are the parent's, byte for byte.
   *
   * @throws DriverException REJECTED if a file is where a folder has to be
   */
  ObjectId make(ObjectId parent, Edit edit) throws IOException, DriverException {
    String path = settings.path().isEmpty() ? edit.path() : settings.path() + "/" + edit.path();
    try (ObjectInserter inserter = repository.newObjectInserter();
        ObjectReader reader = repository.newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      RevTree tree = walk.parseCommit(parent).getTree();
      checkFolders(tree, path);
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(tree(inserter, reader, tree, path, edit));
      commit.setParentId(parent);
      commit.setAuthor(person(edit.author().name(), edit.author().person(), edit));
      commit.setCommitter(person("keepset", Optional.empty(), edit));
      commit.setEncoding(StandardCharsets.UTF_8);
      commit.setMessage(edit.message());
      ObjectId made = inserter.insert(commit);
      inserter.flush();
      return made;
    }
  }

  private ObjectId tree(
      ObjectInserter inserter, ObjectReader reader, RevTree tree, String path, Edit edit)
      throws IOException {
    DirCache index = DirCache.newInCore();
    DirCacheBuilder all = index.builder();
    all.addTree(new byte[0], DirCacheEntry.STAGE_0, reader, tree);
    all.finish();
    DirCacheEditor editor = index.editor();
    if (edit.bytes().isPresent()) {
      ObjectId blob = inserter.insert(Constants.OBJ_BLOB, edit.bytes().get());
      editor.add(
          new DirCacheEditor.PathEdit(path) {
            @Override
            public void apply(DirCacheEntry entry) {
              entry.setFileMode(FileMode.REGULAR_FILE);
              entry.setObjectId(blob);
            }
          });
    } else {
      editor.add(new DirCacheEditor.DeletePath(path));
    }
    editor.finish();
    return index.writeTree(inserter);
  }

  /** What people committed is not replaced by a folder of ours. */
  private void checkFolders(RevTree tree, String path) throws IOException, DriverException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String folder = path.substring(0, slash);
      try (TreeWalk found = TreeWalk.forPath(repository, folder, tree)) {
        if (found != null && found.getFileMode(0) != FileMode.TREE) {
          throw new DriverException(
              Kind.REJECTED,
              settings.shown()
                  + " has a file "
                  + folder
                  + " where the folder for objects has to be: choose another folder with"
                  + " --terraform-folder");
        }
      }
    }
  }

  /** A token without a person writes under an address that is nobody's. */
  private static PersonIdent person(String name, Optional<String> address, Edit edit) {
    String plain = name.replaceAll("[\\p{Cntrl}<>]", " ").strip();
    String local = plain.replaceAll("[^A-Za-z0-9._-]+", "-");
    return new PersonIdent(
        plain.isEmpty() ? "keepset" : plain,
        address.orElse((local.isEmpty() ? "keepset" : local) + "@" + DOMAIN),
        edit.at(),
        ZoneOffset.UTC);
  }
}
