package io.keepset.drivers.lab;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program for whoever may run it that is a class of ours: a server's user can't look into our
 * class path.
 */
public final class JavaProgram {
  private JavaProgram() {}

  /**
   * Puts it into a directory, with all that it needs.
   *
   * @param name of the program
   * @param libraries pattern for names of jars of our class path
   * @param classes the one with {@code main} first
   */
  public static void install(Path directory, String name, String libraries, List<Class<?>> classes)
      throws IOException {
    Path lib = Files.createDirectory(directory.resolve("lib"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (from.getFileName().toString().matches(libraries)) {
        Files.copy(from, lib.resolve(from.getFileName()));
      }
    }
    for (Class<?> type : classes) {
      copy(type, directory.resolve("classes"));
    }
    Files.writeString(
        directory.resolve(name),
        "#!/bin/sh\nexec %s -Xmx256m -XX:TieredStopAtLevel=1 -cp '%s:%s/*' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                directory.resolve("classes"),
                lib,
                classes.get(0).getName()));
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void copy(Class<?> type, Path to) throws IOException {
    String folder = type.getPackageName().replace('.', '/');
    URI from = URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
    Path target = Files.createDirectories(to.resolve(folder));
    try (Stream<Path> files = Files.list(Path.of(from).resolve(folder))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches(type.getSimpleName() + "(\\$.*)?\\.class")) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
  }
}
