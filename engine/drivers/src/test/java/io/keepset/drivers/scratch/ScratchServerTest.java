package io.keepset.drivers.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Scratch;
import io.keepset.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of ours never outlives us. */
class ScratchServerTest {
  private static final ServerUser OURSELVES = new ServerUser(Optional.empty(), "");

  @TempDir private Path place;

  private static ScratchDirectory directory(Path place) throws DriverException {
    Scratch.Wanted wanted =
        new Scratch.Wanted(new ArtifactFacts("x", new TreeMap<>()), 1, Options.NONE, place);
    return ScratchDirectory.make(wanted, 1, OURSELVES);
  }

  private static ScratchServer sleeper(ScratchDirectory directory) throws DriverException {
    // Its name tells whose it is, and it has a child.
    return ScratchServer.start(
        directory,
        "KILL",
        List.of("/bin/sh", "-c", "sleep 600 & wait; : " + directory.path()),
        Map.of());
  }

  private List<String> running() {
    return ProcessHandle.allProcesses()
        .map(handle -> commandLine(handle.pid()))
        .filter(line -> line.contains(place.toString()))
        .filter(line -> !line.contains(Victim.class.getName()))
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

  private boolean left() throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      return all.findAny().isPresent();
    }
  }

  @Test
  void itEndsWithItsChildrenWhenItIsClosed() throws Exception {
    ScratchDirectory directory = directory(place);
    ScratchServer server = sleeper(directory);
    assertThat(running()).isNotEmpty();

    server.close();
    server.close();
    directory.close();

    assertThat(running()).isEmpty();
    assertThat(left()).isFalse();
  }

  @Test
  void oneThatIsClosedAtOnceEndsToo() throws Exception {
    for (int i = 0; i < 20; i++) {
      ScratchDirectory directory = directory(place);
      sleeper(directory).close();
      directory.close();
    }

    assertThat(running()).isEmpty();
  }

  @Test
  void oneThatDoesNotStartSaysWhatItWrote() throws Exception {
    try (ScratchDirectory directory = directory(place);
        ScratchServer server =
            ScratchServer.start(
                directory,
                "KILL",
                List.of("/bin/sh", "-c", "echo no such luck; exit 3"),
                Map.of())) {
      assertThatThrownBy(
              () ->
                  server.await(
                      () -> {
                        throw new DriverException(DriverException.Kind.TRANSIENT, "nobody there");
                      }))
          .hasMessageContaining("sh ended as soon as it was started")
          .hasMessageContaining("nobody there")
          .hasMessageContaining("no such luck");
    }
  }

  @Test
  void itEndsAndItsDirectoryGoesWhenWeAreKilled() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("started");
    }
    assertThat(running()).isNotEmpty();

    victim.destroyForcibly().waitFor();

    Await.until(
        "the end of the server and its directory",
        () -> running().isEmpty() && !left(),
        () -> running() + (left() ? " and the directory" : ""));
  }

  /** Starts a server and waits for its end, which comes from outside. */
  static final class Victim {
    private Victim() {}

    public static void main(String... arguments) throws Exception {
      sleeper(directory(Path.of(arguments[0])));
      System.out.println("started");
      TimeUnit.MINUTES.sleep(10);
    }
  }
}
