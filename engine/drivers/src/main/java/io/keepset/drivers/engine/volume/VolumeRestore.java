package io.keepset.drivers.engine.volume;

import static java.util.Objects.requireNonNull;

import io.keepset.drivers.tool.Feeding;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.drivers.tool.Undoing;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A restore, always into a directory of its own first. Over an existing directory, its entries and
 * the restored ones change places by renames inside it, so that mount points and whoever holds the
 * directory open stay as they are; what was there is kept beside.
 */
final class VolumeRestore {
  private final Tar tar;
  private final Options options;
  private final String stamp;
  private final Exchange.Moves moves;
  private final List<String> notes = new ArrayList<>();

  VolumeRestore(Tar tar, Options options, String stamp) {
    this(tar, options, stamp, Files::move);
  }

  /**
   * @param moves how entries change places
   */
  VolumeRestore(Tar tar, Options options, String stamp, Exchange.Moves moves) {
    this.tar = tar;
    this.options = options;
    this.stamp = stamp;
    this.moves = moves;
    if (!Tar.root()) {
      notes.add(
          "all files belong to "
              + System.getProperty("user.name")
              + ": only root can restore owners, devices and file capabilities");
    }
  }

  RestoreReport intoNew(InputStream artifact, Path directory) throws DriverException {
    boolean created = !Files.exists(directory);
    try {
      Files.createDirectories(directory);
      unpack(artifact, directory);
    } catch (IOException e) {
      undo(created, directory);
      throw trouble("restoring into", directory, e);
    } catch (DriverException | RuntimeException e) {
      undo(created, directory);
      throw e;
    }
    return new RestoreReport("directory " + directory, notes).at("path", directory.toString());
  }

  RestoreReport over(InputStream artifact, Path directory) throws DriverException {
    Path incoming = Tar.restoring(directory, stamp);
    Path before = Tar.before(directory, stamp);
    Map<String, Object> own = begin(directory, incoming);
    Map<String, Object> restored;
    try {
      unpack(artifact, incoming);
      restored = attributes(incoming);
      new Exchange(directory, incoming, before, moves).run();
    } catch (Exchange.Stuck e) {
      // Nothing more is touched: where all of it lies is in the message.
      throw new DriverException(Kind.REJECTED, requireNonNull(e.getMessage()), e);
    } catch (IOException e) {
      undoOver(incoming, directory, own);
      throw trouble("restoring over", directory, e);
    } catch (DriverException | RuntimeException e) {
      undoOver(incoming, directory, own);
      throw e;
    }
    settle(directory, incoming, restored);
    notes.add(
        "what was there is kept in "
            + before
            + " and no backup takes it along; when you no longer need it: rm -r "
            + before);
    return new RestoreReport("directory " + directory, notes);
  }

  private static Map<String, Object> begin(Path directory, Path incoming) throws DriverException {
    try {
      Map<String, Object> own = attributes(directory);
      Files.createDirectory(incoming);
      return own;
    } catch (IOException e) {
      throw trouble("restoring over", directory, e);
    }
  }

  /** What is left once the data is in place; it can't make the restore a failure any more. */
  private void settle(Path directory, Path incoming, Map<String, Object> restored) {
    try {
      Files.delete(incoming);
    } catch (IOException e) {
      notes.add(
          "the working directory "
              + incoming
              + " could not be removed ("
              + e
              + "); no backup takes it along; look into it, then: rm -r "
              + incoming);
    }
    try {
      give(directory, restored);
    } catch (IOException | RuntimeException e) {
      notes.add(
          "the owner, mode and time of "
              + directory
              + " itself could not be restored ("
              + e
              + "); what is in it is as it was backed up");
    }
  }

  private void unpack(InputStream artifact, Path directory) throws DriverException {
    try (ToolProcess process = ToolProcess.start(tar.extract(directory, options))) {
      Feeding feeding = Feeding.start(process.stdin(), content(artifact));
      ToolExit exit = process.finish();
      feeding.await();
      if (!exit.ok()) {
        throw Tar.explain(exit, directory);
      }
      notes.addAll(Tar.complaints(exit.stderr(), 20));
    }
  }

  private static Feeding.Work content(InputStream artifact) {
    return tar -> {
      try (InputStream unpacked = new GZIPInputStream(artifact, 64 * 1024)) {
        Feeding.all(unpacked).run(tar);
      }
    };
  }

  private static Map<String, Object> attributes(Path directory) throws IOException {
    return Files.readAttributes(directory, "unix:mode,uid,gid,lastModifiedTime");
  }

  private static void give(Path directory, Map<String, Object> attributes) throws IOException {
    if (attributes.isEmpty()) {
      return;
    }
    if (Tar.root()) {
      Files.setAttribute(directory, "unix:uid", attributes.get("uid"));
      Files.setAttribute(directory, "unix:gid", attributes.get("gid"));
    }
    int mode = (Integer) requireNonNull(attributes.get("mode"));
    Files.setAttribute(directory, "unix:mode", mode & 07777);
    Files.setAttribute(directory, "unix:lastModifiedTime", attributes.get("lastModifiedTime"));
  }

  private static void undoOver(Path incoming, Path directory, Map<String, Object> own) {
    undo(true, incoming);
    try {
      give(directory, own);
    } catch (IOException e) {
      // As below.
    }
  }

  private static void undo(boolean created, Path directory) {
    Undoing.despiteInterrupt(
        () -> {
          remove(created, directory);
          return true;
        });
  }

  private static void remove(boolean created, Path directory) {
    try {
      if (created) {
        Volume.delete(directory);
      } else if (Files.isDirectory(directory)) {
        for (Path entry : Volume.entries(directory)) {
          Volume.delete(entry);
        }
      }
    } catch (IOException e) {
      // What failed first is the thing to hear about; what is left lies under a name of ours.
    }
  }

  private static DriverException trouble(String doing, Path directory, IOException e) {
    boolean denied = e instanceof AccessDeniedException;
    return new DriverException(
        denied ? Kind.DENIED : Kind.TRANSIENT,
        doing
            + " "
            + directory
            + " failed"
            + (denied ? ": no permission for " : ": ")
            + e.getMessage()
            + "; what was there before is there still",
        e);
  }
}
