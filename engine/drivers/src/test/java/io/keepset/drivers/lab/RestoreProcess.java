package io.keepset.drivers.lab;

import io.keepset.drivers.Drivers;
import io.keepset.policy.Options;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A restore over what is there, in a process of its own that can be killed at any moment, as a
 * machine that loses its power does.
 */
public final class RestoreProcess {
  private static final String CONNECTION = "connection.";
  private static final String OPTION = "option.";

  private RestoreProcess() {}

  /** What it runs: engine, artifact, data directory, settings as {@code connection.host=…}. */
  public static void main(String[] args) throws Exception {
    Engine engine =
        Drivers.engines(InstantSource.system(), Optional.of(Path.of(args[2])), List::of)
            .get(args[0]);
    byte[] artifact = Files.readAllBytes(Path.of(args[1]));
    TreeMap<String, String> connection = new TreeMap<>();
    TreeMap<String, String> options = new TreeMap<>();
    for (String setting : List.of(args).subList(3, args.length)) {
      String[] parts = setting.split("=", 2);
      boolean option = parts[0].startsWith(OPTION);
      (option ? options : connection)
          .put(parts[0].substring((option ? OPTION : CONNECTION).length()), parts[1]);
    }
    Source target =
        new Source(
            "killed",
            new Options(connection),
            new Options(options),
            name -> new Secret(System.getenv(name.replaceFirst("^env:", ""))));
    engine.restore(
        new ByteArrayInputStream(artifact),
        engine.verify(new ByteArrayInputStream(artifact)).facts().orElseThrow(),
        List.of(),
        target,
        new RestoreRequest(Mode.OVER, Optional.empty()));
  }

  /**
   * Starts it and kills it at a moment.
   *
   * @param secrets by name of the reference in the source, such as {@code LAB} of {@code env:LAB}
   * @param data the data directory
   * @param moment asked again and again
   * @return whether it was killed; false if it was done before
   */
  public static boolean killed(
      String engine,
      byte[] artifact,
      Source target,
      Map<String, String> secrets,
      Path data,
      BooleanSupplier moment)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("keepset-killed", ".artifact");
    Path log = Files.createTempFile("keepset-killed", ".log");
    try {
      Files.write(file, artifact);
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  RestoreProcess.class.getName(),
                  engine,
                  file.toString(),
                  data.toString()));
      target.connection().values().forEach((k, v) -> command.add(CONNECTION + k + "=" + v));
      target.options().values().forEach((k, v) -> command.add(OPTION + k + "=" + v));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(secrets);
      Process process = builder.start();
      try {
        long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
        while (!moment.getAsBoolean() && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException("the moment never comes: " + Files.readString(log));
          }
        }
      } finally {
        process.destroyForcibly();
      }
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the process does not die");
      }
      if (process.exitValue() != 0 && process.exitValue() != 137) {
        throw new IllegalStateException(Files.readString(log));
      }
      return process.exitValue() != 0;
    } finally {
      Files.delete(file);
      Files.delete(log);
    }
  }
}
