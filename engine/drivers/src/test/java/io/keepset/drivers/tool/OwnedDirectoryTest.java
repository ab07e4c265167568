package io.keepset.drivers.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process had in its temporary directories does not stay. */
class OwnedDirectoryTest {
  private static final String PREFIX = "keepset-login-";

  @TempDir private Path temporary;

  @Test
  void whatADeadProcessLeftGoes() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    Path left = leave("keepset-login-" + process.pid() + "-1-7");
    process.destroyForcibly().waitFor();

    OwnedDirectory.make(temporary, PREFIX);

    assertThat(left).doesNotExist();
  }

  @Test
  void whatAnEarlierProcessOfTheSameIdLeftGoes() throws IOException {
    Path left = leave("keepset-login-" + ProcessHandle.current().pid() + "-1-7");

    OwnedDirectory.make(temporary, PREFIX);

    assertThat(left).doesNotExist();
  }

  @Test
  void whatALiveProcessUsesStays() throws IOException {
    Path used = OwnedDirectory.make(temporary, PREFIX);
    Files.writeString(used.resolve("pgpass"), "secret");

    Path another = OwnedDirectory.make(temporary, PREFIX);

    assertThat(used.resolve("pgpass")).exists();
    assertThat(another).exists().isNotEqualTo(used);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(another)))
        .isEqualTo("rwx------");
  }

  @Test
  void othersNamesAndLinksStay() throws IOException {
    Path named = leave("keepset-login-of-somebody");
    Path elsewhere = leave("elsewhere");
    Path link =
        Files.createSymbolicLink(
            temporary.resolve("keepset-login-" + ProcessHandle.current().pid() + "-1-8"),
            elsewhere);

    OwnedDirectory.make(temporary, PREFIX);

    assertThat(named.resolve("pgpass")).exists();
    assertThat(link).isSymbolicLink();
    assertThat(elsewhere.resolve("pgpass")).exists();
  }

  @Test
  void goesWithAllThatIsInIt() throws IOException {
    Path made = OwnedDirectory.make(temporary, PREFIX);
    Files.writeString(made.resolve("pgpass"), "secret");
    Path closed = Files.createDirectories(made.resolve("data/closed"));
    Files.writeString(closed.resolve("file"), "");
    Files.createSymbolicLink(made.resolve("link"), temporary);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

    OwnedDirectory.delete(made);

    assertThat(made).doesNotExist();
    assertThat(temporary).exists();
  }

  @Test
  void otherKindsOfDirectoriesStay() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    Path left = leave("keepset-scratch-" + process.pid() + "-1-7");
    process.destroyForcibly().waitFor();

    OwnedDirectory.make(temporary, PREFIX);

    assertThat(left).exists();
  }

  private Path leave(String name) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve(name));
    Files.writeString(directory.resolve("pgpass"), "secret");
    return directory;
  }
}
