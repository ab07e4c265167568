package io.keepset.drivers.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories of programs in which one is another than it seems. */
public final class StandIns {
  private StandIns() {}

  /**
   * Makes one; it goes with the JVM.
   *
   * @param program that is replaced; it says its real version if it is there
   * @param script what it does instead, for {@code sh}
   * @param from where the real programs are
   * @param others that are as they are
   */
  public static Path make(String program, String script, Path from, String... others) {
    try {
      Path directory = Files.createTempDirectory("keepset-stand-ins");
      directory.toFile().deleteOnExit();
      for (String other : others) {
        Path link = Files.createSymbolicLink(directory.resolve(other), from.resolve(other));
        link.toFile().deleteOnExit();
      }
      Path real = from.resolve(program);
      String version = "[ \"$1\" = --version ] && [ -x " + real + " ] && exec " + real + " \"$@\"";
      Path file = directory.resolve(program);
      Files.writeString(file, "#!/bin/sh\n" + version + "\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      file.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
