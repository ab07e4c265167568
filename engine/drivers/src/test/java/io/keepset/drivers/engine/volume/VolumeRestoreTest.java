package io.keepset.drivers.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restore over a directory says and leaves when renames fail. */
class VolumeRestoreTest {
  private static final String STAMP = "20260102t030405";

  @TempDir private Path directory;
  private Path before;
  private Path incoming;

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(directory.resolve("old"), "old");
    before = Tar.before(directory, STAMP);
    incoming = Tar.restoring(directory, STAMP);
  }

  @Test
  void aRenameThatFailsIsTakenBack() {
    DriverException e =
        failure(
            (from, to) -> {
              failOn(from, "new");
              Files.move(from, to);
            });
    assertThat(e).hasMessageEndingWith("what was there before is there still");
    assertThat(directory.resolve("old")).hasContent("old");
    assertThat(directory.resolve("new")).doesNotExist();
    assertThat(before).doesNotExist();
    assertThat(incoming).doesNotExist();
  }

  @Test
  void ifThatFailsTooTheMessageNamesBothDirectories() {
    DriverException e =
        failure(
            (from, to) -> {
              failOn(from, "new");
              if (from.startsWith(before)) {
                throw new FileSystemException(from.toString(), null, "stuck");
              }
              Files.move(from, to);
            });
    assertThat(e.kind()).as("trying again would not help").isEqualTo(Kind.REJECTED);
    assertThat(e)
        .hasMessageContaining(before.toString())
        .hasMessageContaining(incoming.toString())
        .hasMessageContaining("stuck")
        .hasMessageNotContaining("is there still");
    assertThat(before.resolve("old")).hasContent("old");
    assertThat(incoming.resolve("new")).hasContent("new");
  }

  @Test
  void whatFailsOnceTheDataIsInPlaceIsANote() throws Exception {
    RestoreReport report =
        restore(
            (from, to) -> {
              if (from.startsWith(incoming)) {
                Files.writeString(incoming.resolve("stray"), "in the way");
              }
              Files.move(from, to);
            });
    assertThat(report.notes()).anyMatch(note -> note.contains("rm -r " + incoming));
    assertThat(report.notes()).anyMatch(note -> note.contains("is kept in " + before));
    assertThat(directory.resolve("new")).hasContent("new");
    assertThat(before.resolve("old")).hasContent("old");
  }

  @Test
  void theWorkingDirectoryOfAnotherRestoreIsNotTouched() throws IOException {
    Files.createDirectory(incoming);
    Files.writeString(incoming.resolve("theirs"), "theirs");
    assertThat(failure(Files::move)).hasMessageContaining("is there still");
    assertThat(incoming.resolve("theirs")).hasContent("theirs");
  }

  private static void failOn(Path from, String name) throws IOException {
    if (from.endsWith(name)) {
      throw new FileSystemException(from.toString(), null, "busy");
    }
  }

  private DriverException failure(Exchange.Moves moves) {
    return catchThrowableOfType(DriverException.class, () -> restore(moves));
  }

  private RestoreReport restore(Exchange.Moves moves) throws DriverException, IOException {
    return new VolumeRestore(Tar.find(), Options.NONE, STAMP, moves).over(artifact(), directory);
  }

  private static InputStream artifact() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("new");
      entry.setSize(3);
      tar.putArchiveEntry(entry);
      tar.write(new byte[] {'n', 'e', 'w'});
      tar.closeArchiveEntry();
    }
    return new ByteArrayInputStream(VolumeLab.gzip(bytes.toByteArray()));
  }
}
