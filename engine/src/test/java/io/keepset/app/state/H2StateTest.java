package io.keepset.app.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.runner.Catalogue;
import io.keepset.runner.Samples;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StateTest extends StateContract {
  @TempDir private Path data;

  @Override
  StateSettings empty() throws DriverException {
    return StateSettings.of(data, Map.of());
  }

  @Test
  void theDirectoryIsForItsOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("state"))))
        .isEqualTo("rwx------");
    assertThat(state().describe()).isEqualTo(data.resolve("state/keepset.mv.db").toString());
    assertThat(data.resolve("state/keepset.mv.db")).isRegularFile();
  }

  @Test
  void theNewestMigrationIsTheVersionThatCommandsSkipFlywayFor() throws IOException {
    Path migrations = Path.of("src/main/resources/io/keepset/app/state/migrations");
    try (Stream<Path> files = Files.list(migrations)) {
      assertThat(
              files.map(
                  f ->
                      Integer.parseInt(f.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"))))
          .contains(Schema.VERSION)
          .allMatch(version -> version <= Schema.VERSION);
    }
  }

  @Test
  void aThreadThatIsInterruptedWhileItWritesClosesNothingForTheOthers() throws Exception {
    Catalogue catalogue = state().catalogue();
    for (int i = 0; i < 50; i++) {
      String name = "orders" + i;
      Thread writer =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                try {
                  catalogue.protect(Samples.protection(name));
                } catch (StateException e) {
                  // Its own write may fail; that of nobody else may.
                }
              });
      writer.start();
      writer.join();
    }

    catalogue.protect(Samples.protection("billing"));

    assertThat(state().catalogue().protections()).containsKey("billing");
  }

  @Test
  void aSecondProcessIsToldWhoHasTheState() throws Exception {
    Process second = java(OpenState.class, "open");

    assertThat(new String(second.getInputStream().readAllBytes()))
        .contains("TRANSIENT another keepset process has the state in " + data);
    assertThat(second.waitFor()).isZero();
  }

  @Test
  void whatWasInsertedOutlivesAProcessThatIsKilled() throws Exception {
    state().close();

    Process killed = java(OpenState.class, "insert-and-die");
    assertThat(new String(killed.getInputStream().readAllBytes())).endsWith("inserted\n");
    killed.waitFor();

    try (StateDatabase again = StateDatabase.open(empty(), secrets())) {
      assertThat(again.catalogue().backups("orders"))
          .containsExactly(Samples.created("orders", Samples.NOON));
      assertThat(again.catalogue().protections()).containsOnlyKeys("orders");
    }
  }

  @Test
  void aDamagedFileIsSaidToBeOne() throws Exception {
    state().close();
    Files.writeString(data.resolve("state/keepset.mv.db"), "no database".repeat(1000));

    assertThatThrownBy(() -> StateDatabase.open(empty(), secrets()))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("keepset store rescan");
  }

  private Process java(Class<?> main, String what) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                data.toString(),
                what))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Another process. */
  static final class OpenState {
    private OpenState() {}

    public static void main(String[] args) throws Exception {
      try {
        StateDatabase state =
            StateDatabase.open(StateSettings.of(Path.of(args[0]), Map.of()), r -> new Secret(r));
        if (args[1].equals("insert-and-die")) {
          Catalogue catalogue = state.catalogue();
          catalogue.protect(Samples.protection("orders"));
          catalogue.insert(Samples.created("orders", Samples.NOON));
          System.out.println("inserted");
          System.out.flush();
          Runtime.getRuntime().halt(137);
        }
        state.close();
      } catch (DriverException e) {
        System.out.println(e.kind() + " " + e.getMessage());
      }
    }
  }
}
