package io.keepset.app.git;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps JGit from starting {@code git} to find the system's settings, and from measuring this
 * machine's clock and writing the result into the user's home. The user's own settings count.
 */
final class QuietSystem extends SystemReader.Delegate {
  private static final AtomicBoolean INSTALLED = new AtomicBoolean();

  private QuietSystem(SystemReader usual) {
    super(usual);
  }

  static void install() {
    if (INSTALLED.compareAndSet(false, true)) {
      // JGit measures a file system's clock for seconds before it believes a file's time; we only
      // read.
      FS.FileStoreAttributes.setBackground(true);
      SystemReader.setInstance(new QuietSystem(SystemReader.getInstance()));
    }
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  /** Settings that are in no file. */
  private static final class Nothing extends FileBasedConfig {
    Nothing(Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
