package io.keepset.drivers.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The laws of every engine, by real directories and GNU tar. */
class VolumeEngineTest extends EngineContract {
  @TempDir static Path root;

  @Override
  protected EngineLab start() {
    return new VolumeLab(root);
  }

  private VolumeLab volumes() {
    return (VolumeLab) lab();
  }

  @Test
  void theArtifactIsWhatTarAndGzipUnderstand() throws Exception {
    Made made = make(volumes().small());
    Path file = Files.createTempFile(root, "portable", ".tar.gz");
    Files.write(file, made.artifact());
    String listed = VolumeLab.shell(root, "gzip -t " + file + " && tar tzf " + file + " | wc -l");
    assertThat(listed.strip()).isEqualTo(made.facts().values().get("entries"));
  }

  @Test
  void everyBitOfDamageIsSeen() throws Exception {
    byte[] whole = make(volumes().small()).artifact();
    // Past the header of gzip: its time stamp and the like carry no data.
    for (int at = 10; at < whole.length; at += whole.length / 50) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThat(volumes().engine().verify(new ByteArrayInputStream(damaged)).good())
          .as("damaged at byte %s", at)
          .isFalse();
    }
  }

  @Test
  void holesStayHoles() throws Exception {
    Source source = volumes().small();
    RestoreReport report = restore(make(source), source, into(volumes().freshName()));
    Path restored = Path.of(report.target().substring("directory ".length()));
    String blocks = VolumeLab.shell(restored, "stat -c %b sparse").strip();
    assertThat(Long.parseLong(blocks) * 512).isLessThan(1 << 20);
  }

  @Test
  void excludedPathsAreLeftOut() throws Exception {
    Path directory = volumes().make();
    VolumeLab.shell(directory, "mkdir cache keep && echo 1 > cache/a && echo 2 > keep/b.tmp");
    VolumeLab.shell(directory, "echo 3 > keep/c");
    Source source =
        volumes().source(directory, Map.of("exclude[0]", "cache", "exclude[1]", "*.tmp"));
    RestoreReport report = restore(make(source), source, into(volumes().freshName()));
    Path restored = Path.of(report.target().substring("directory ".length()));
    assertThat(VolumeLab.shell(restored, "find . | sort")).isEqualTo(".\n./keep\n./keep/c\n");
  }

  @Test
  void socketsAreSkippedWithAWarning() throws Exception {
    Path directory = volumes().make();
    VolumeLab.shell(directory, "echo 1 > file");
    var address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      Made made = make(volumes().source(directory, Map.of()));
      assertThat(made.report().warnings()).containsExactly("./s: socket ignored");
      assertThat(made.facts().values()).containsEntry("entries", "2");
    }
  }

  @Test
  void aFileThatChangesIsAWarning() throws Exception {
    Path directory = volumes().make();
    VolumeLab.shell(directory, "head -c 30000000 /dev/zero > grows && : > z");
    Source source = volumes().source(directory, Map.of());
    try (Dump dump = volumes().engine().dump(source)) {
      dump.stream().readNBytes(1 << 16);
      VolumeLab.shell(directory, "echo more >> grows");
      byte[] rest = dump.stream().readAllBytes();
      assertThat(rest).isNotEmpty();
      assertThat(dump.finish().warnings()).containsExactly("./grows: file changed as we read it");
    }
  }

  @Test
  void whatARestoreOverKeptIsNotBackedUpAgain() throws Exception {
    Source source = volumes().small();
    Made made = make(source);
    RestoreReport report = restore(made, source, new RestoreRequest(Mode.OVER, Optional.empty()));
    assertThat(report.notes()).anyMatch(note -> note.contains(".keepset-before-"));
    assertThat(make(source).facts().values().get("entries"))
        .isEqualTo(made.facts().values().get("entries"));
  }

  @Test
  void onlyWorkingDirectoriesOfRestoresAreLeftOut() throws Exception {
    Path directory = volumes().make();
    VolumeLab.shell(
        directory,
        """
        mkdir .keepset-before-20260102t030405 .keepset-restoring-20260102t030405
        mkdir .keepset-before-20260102t030405678 .keepset-restoring-20260102t030405678
        mkdir .keepset-before-mine .keepset-before-20260102t030405-2 sub
        mkdir sub/.keepset-before-20260102t030405
        touch .keepset-store .keepset-restoring-x
        """);
    Source source = volumes().source(directory, Map.of());
    Made made = make(source);
    RestoreReport report = restore(made, source, into(volumes().freshName()));
    Path restored = Path.of(report.target().substring("directory ".length()));
    String kept =
        """
        .
        ./.keepset-before-20260102t030405-2
        ./.keepset-before-mine
        ./.keepset-restoring-x
        ./.keepset-store
        ./sub
        ./sub/.keepset-before-20260102t030405
        """;
    assertThat(VolumeLab.shell(restored, "find . | LC_ALL=C sort")).isEqualTo(kept);

    restore(made, source, new RestoreRequest(Mode.OVER, Optional.empty()));
    assertThat(VolumeLab.shell(directory, "ls -d .keepset-before-20*t* .keepset-r*20*").lines())
        .as("those of other restores stay where they are")
        .contains(".keepset-before-20260102t030405", ".keepset-restoring-20260102t030405")
        .contains(".keepset-before-20260102t030405678", ".keepset-restoring-20260102t030405678");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Source source = volumes().source(root.resolve("gone"), Map.of());
    DriverException e =
        catchThrowableOfType(DriverException.class, () -> volumes().engine().dump(source));
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e.getMessage()).contains("there is no directory");
  }

  @Test
  void entriesThatPointOutsideAreRefused() throws Exception {
    for (String name : new String[] {"../evil", "/etc/evil", "a/../../evil", ".."}) {
      Verdict verdict = volumes().engine().verify(new ByteArrayInputStream(tarWith(name)));
      assertThat(verdict.good()).as(name).isFalse();
      assertThat(verdict.findings().get(0)).contains("outside its directory");
    }
  }

  @Test
  void tarItselfDoesNotLeaveTheDirectoryEither() throws Exception {
    Source source = volumes().small();
    assertThatThrownBy(
            () ->
                volumes()
                    .engine()
                    .restore(
                        new ByteArrayInputStream(tarWith("a/../../evil")),
                        TarCheck.facts(1, 1),
                        List.of(),
                        source,
                        into(volumes().freshName())))
        .isInstanceOf(DriverException.class);
    assertThat(root.resolve("evil")).doesNotExist();
  }

  @Test
  void aTarWithoutItsEndIsBad() throws Exception {
    byte[] tar = tar("file");
    byte[] cut = Arrays.copyOf(tar, 1024);
    assertThat(volumes().engine().verify(new ByteArrayInputStream(VolumeLab.gzip(cut))).findings())
        .containsExactly("this is not a whole tar.gz: the end mark of tar is missing");
  }

  @Test
  void cancellingWhileNobodyReadsEndsTar() throws Exception {
    Source source = volumes().big(1 << 22);
    Dump dump = volumes().engine().dump(source);
    dump.close();
    assertThatThrownBy(
            () -> {
              dump.stream().transferTo(OutputStream.nullOutputStream());
              dump.finish();
            })
        .isInstanceOfAny(IOException.class, DriverException.class);
  }

  private static byte[] tarWith(String name) throws IOException {
    return VolumeLab.gzip(tar(name));
  }

  private static byte[] tar(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      byte[] content = "evil".getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }
}
