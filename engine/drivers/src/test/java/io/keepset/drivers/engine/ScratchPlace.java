package io.keepset.drivers.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where scratch instances of a test lie, so that what they leave is seen.
 *
 * @param path that every user may pass
 */
public record ScratchPlace(Path path) {
  /** In a temporary directory of a test's own. */
  public static ScratchPlace in(Path temporary) throws IOException {
    // Servers run as users of their own where the tests run as root.
    for (Path path = temporary; path.startsWith("/tmp/junit") || path.equals(temporary); ) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      path = path.getParent();
    }
    return new ScratchPlace(temporary);
  }

  /** Neither files nor processes. */
  public void requireNothingLeft() throws IOException, InterruptedException {
    try (Stream<Path> all = Files.list(path)) {
      assertThat(all.toList()).isEmpty();
    }
    Await.until("the end of all servers", () -> running().isEmpty(), () -> running().toString());
  }

  /** Whoever works in our place names it among his arguments. */
  private List<String> running() {
    return ProcessHandle.allProcesses()
        .map(handle -> commandLine(handle.pid()))
        .filter(line -> line.contains(path.toString()))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", String.valueOf(pid), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // It has ended meanwhile.
    }
  }
}
