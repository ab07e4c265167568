package io.keepset.drivers.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Servers that come from Maven's repositories and are of no module: their dependencies would meet
 * ours. Each has a pom of its own below {@code src/test/servers}.
 */
public final class MavenFiles {
  /** Property that says where the poms are, for who does not run in this module. */
  public static final String FOLDER = "keepset.servers";

  private MavenFiles() {}

  /**
   * The class path of a server, without a network if it is there already. Skips the test if there
   * is no way to get it.
   *
   * @param server folder of its pom
   */
  public static String classPath(String server) throws IOException, InterruptedException {
    // The working directory is that of the module whose test it is.
    Path ours = Path.of(System.getProperty(FOLDER, "src/test/servers"), server, "pom.xml");
    Path pom = (Files.exists(ours) ? ours : Path.of("drivers").resolve(ours)).toAbsolutePath();
    String found = ask(pom);
    Assumptions.assumeFalse(found.isEmpty(), "Maven can't get " + server + ", see " + pom);
    return found;
  }

  private static String ask(Path pom) throws IOException, InterruptedException {
    Path out = Files.createTempFile("keepset-server", ".cp");
    try {
      for (List<String> network : List.of(List.of("-o"), List.<String>of())) {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-q"));
        command.addAll(network);
        command.addAll(
            List.of(
                "-f", pom.toString(), "dependency:build-classpath", "-Dmdep.outputFile=" + out));
        Process maven =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!maven.waitFor(15, TimeUnit.MINUTES)) {
          maven.destroyForcibly();
        } else if (maven.exitValue() == 0 && Files.size(out) > 0) {
          return Files.readString(out).strip();
        }
      }
      return "";
    } finally {
      Files.deleteIfExists(out);
    }
  }
}
