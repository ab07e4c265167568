package io.keepset.app.git;

import java.io.File;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

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
      SystemReader.setInstance(new QuietSystem(SystemReader.getInstance()));
    }
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new CoarseClock(parent, super.openUserConfig(parent, fs).getFile(), fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  /**
   * The user's settings, with a file system's clock known beforehand. JGit would write files into
   * the repository for seconds to measure it; a coarse one only makes it read young files again.
   */
  private static final class CoarseClock extends FileBasedConfig {
    private static final long SECONDS = 2;

    CoarseClock(Config parent, File file, FS fs) {
      super(parent, file, fs);
    }

    @Override
    public long getTimeUnit(
        String section, @Nullable String subsection, String name, long otherwise, TimeUnit unit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? unit.convert(SECONDS, TimeUnit.SECONDS)
          : super.getTimeUnit(section, subsection, name, otherwise, unit);
    }
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
