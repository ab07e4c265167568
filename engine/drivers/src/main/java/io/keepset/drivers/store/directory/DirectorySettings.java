package io.keepset.drivers.store.directory;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * How to use a directory as a store.
 *
 * @param path of the directory
 * @param mount whether it must be a mount point: then it is never used while nothing is mounted
 * @param mayBegin asked when an empty directory without marker is found: true if nothing was ever
 *     kept here, so that it is a beginning and not a loss
 */
public record DirectorySettings(Path path, boolean mount, BooleanSupplier mayBegin) {

  /**
   * From the options of a declared store: {@code path} and {@code mount}.
   *
   * @throws DriverException REJECTED if the path is missing or relative
   */
  public static DirectorySettings of(Options options, BooleanSupplier mayBegin)
      throws DriverException {
    String path = options.get("path", "");
    if (!Path.of(path).isAbsolute()) {
      throw new DriverException(
          DriverException.Kind.REJECTED,
          "the path of a directory store must be absolute, was "
              + (path.isEmpty() ? "nothing" : path)
              + "; for example path: /var/lib/keepset/backups");
    }
    return new DirectorySettings(Path.of(path), options.flag("mount", false), mayBegin);
  }
}
