package io.keepset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the tools that we are compared with. */
final class Shell {
  private Shell() {}

  static void run(Map<String, String> environment, Path log, String... command)
      throws IOException, InterruptedException {
    int code = code(environment, log, List.of(command));
    if (code != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + code + ": " + Files.readString(log));
    }
  }

  static int code(Map<String, String> environment, Path log, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process.waitFor();
  }

  static boolean has(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
