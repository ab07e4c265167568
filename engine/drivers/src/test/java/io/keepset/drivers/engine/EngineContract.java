package io.keepset.drivers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every engine promises. A test of an engine extends this and brings a lab. */
public abstract class EngineContract extends RestoreLaws {
  private static final int DAMAGES = 400;

  @Test
  void whatIsDumpedComesBackEqual() throws Exception {
    Source source = lab().small();
    Made made = make(source);

    RestoreReport report = restore(made, source, into(lab().freshName()));

    assertThat(lab().content(report)).isEqualTo(lab().content(source));
  }

  @Test
  void theEngineChoosesANameIfNobodyDoes() throws Exception {
    assumeTrue(lab().choosesNames(), "restores only into what is named");
    Source source = lab().small();
    Made made = make(source);

    RestoreReport report = restore(made, source, new RestoreRequest(Mode.NEW, Optional.empty()));

    assertThat(report.target()).contains("_restored_");
    assertThat(lab().content(report)).isEqualTo(lab().content(source));
  }

  @Test
  void restoringOverBringsBackWhatWasThere() throws Exception {
    assumeTrue(engine().facts().restore().contains(Mode.OVER), "never restores over");
    Source source = lab().small();
    String before = lab().content(source);
    Made made = make(source);
    lab().spoil(source);
    assertThat(lab().content(source)).isNotEqualTo(before);

    restore(made, source, new RestoreRequest(Mode.OVER, Optional.empty()));

    assertThat(lab().content(source)).isEqualTo(before);
  }

  @Test
  void aFailedRestoreOverLeavesWhatWasThere() throws Exception {
    assumeTrue(engine().facts().restore().contains(Mode.OVER), "never restores over");
    Source source = lab().small();
    Made made = make(source);
    lab().spoil(source);
    String before = lab().content(source);
    List<String> inventory = lab().inventory();

    assertThatThrownBy(
            () ->
                engine()
                    .restore(
                        new BreakingStream(made.artifact(), made.artifact().length * 2 / 3),
                        made.facts(),
                        NOTHING_BESIDE,
                        source,
                        new RestoreRequest(Mode.OVER, Optional.empty())))
        .isInstanceOf(DriverException.class);

    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  @Test
  void aFailedRestoreLeavesNothingNew() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    List<String> inventory = lab().inventory();

    assertThatThrownBy(
            () ->
                engine()
                    .restore(
                        new BreakingStream(made.artifact(), made.artifact().length * 2 / 3),
                        made.facts(),
                        NOTHING_BESIDE,
                        source,
                        into(lab().freshName())))
        .isInstanceOf(DriverException.class);

    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  @Test
  void aTakenNameIsRefusedBeforeAnythingIsTouched() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    List<String> inventory = lab().inventory();

    assertThatThrownBy(() -> engine().checkRestore(made.facts(), source, into(lab().takenName())))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(lab().takenName());

    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  @Test
  void aGoodArtifactIsGoodAndSaysTheSameAsItsDump() throws Exception {
    Made made = make(lab().small());

    Verdict verdict = engine().verify(made.open());

    assertThat(verdict.findings()).isNotEmpty();
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    assertThat(verdict.facts()).contains(made.facts());
  }

  @Test
  void aTruncatedArtifactIsBad() throws Exception {
    byte[] whole = make(lab().small()).artifact();
    for (int length : cuts(whole.length)) {
      Verdict verdict = engine().verify(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
      assertThat(verdict.good()).as("cut to %s of %s bytes", length, whole.length).isFalse();
      assertThat(verdict.findings()).isNotEmpty();
    }
  }

  @Test
  void aDamagedHeadIsBad() throws Exception {
    byte[] whole = make(lab().small()).artifact();
    for (int at = 0; at < 3; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      assertThat(engine().verify(new ByteArrayInputStream(damaged)).good())
          .as("damaged at byte %s", at)
          .isFalse();
    }
  }

  /** Damage may be invisible to an engine without checksums, but it is never a crash. */
  @Test
  void damageAnywhereIsAVerdictAndNeverACrash() throws Exception {
    byte[] whole = make(lab().small()).artifact();
    int step = Math.max(1, whole.length / DAMAGES);
    for (int at = 0; at < whole.length; at += step) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0xa5;
      assertThat(engine().verify(new ByteArrayInputStream(damaged)).findings()).isNotEmpty();
    }
  }

  @Test
  void whatIsNoArtifactIsBad() throws Exception {
    for (byte[] foreign : lab().foreign()) {
      Verdict verdict = engine().verify(new ByteArrayInputStream(foreign));
      assertThat(verdict.good()).isFalse();
      assertThat(verdict.findings()).isNotEmpty();
    }
    assertThat(engine().verify(InputStream.nullInputStream()).good()).isFalse();
  }

  @Test
  void missingToolsAreNamedWithTheirCure() {
    Optional<Source> source = lab().withoutTools(lab().small());
    assumeTrue(source.isPresent(), "needs no tools that a test could hide");
    DriverException e =
        catchThrowableOfType(DriverException.class, () -> engine().dump(source.get()));
    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e.getMessage()).containsAnyOf("install", "name the directory");
    assertThat(engine().check(source.get())).anyMatch(Diagnostic::isError);
  }

  @Test
  void aWrongPasswordIsDeniedWithoutBeingPrinted() {
    Optional<Source> source = lab().wrongPassword(lab().small());
    assumeTrue(source.isPresent(), "has no passwords");
    DriverException e = catchThrowableOfType(DriverException.class, () -> make(source.get()));
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e.getMessage()).doesNotContain(lab().secret().orElseThrow());
    assertThat(engine().check(source.get())).anyMatch(Diagnostic::isError);
  }

  @Test
  void missingRightsAreDenied() {
    Optional<Source> source = lab().withoutRights(lab().small());
    assumeTrue(source.isPresent(), "has no rights, or the test runs as root");
    DriverException e = catchThrowableOfType(DriverException.class, () -> make(source.get()));
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(engine().check(source.get())).anyMatch(Diagnostic::isError);
  }

  @Test
  void aHealthySourceChecksWithoutErrors() {
    assertThat(engine().check(lab().small())).noneMatch(Diagnostic::isError);
  }

  @Test
  void anUnfinishedDumpIsNoGoodDump() throws Exception {
    try (Dump dump = engine().dump(lab().small())) {
      dump.stream().read();
      dump.close();
      assertThatThrownBy(dump::finish).isInstanceOf(DriverException.class);
    }
  }

  @Test
  void twoDumpsAtOnceAreBothGood() throws Exception {
    Source source = lab().small();
    var other = CompletableFuture.supplyAsync(() -> unchecked(source));
    Made one = make(source);
    Made two = other.join();
    assertThat(engine().verify(one.open()).good()).isTrue();
    assertThat(engine().verify(two.open()).good()).isTrue();
    assertThat(lab().content(restore(one, source, into(lab().freshName()))))
        .isEqualTo(lab().content(restore(two, source, into(lab().freshName()))));
  }

  @Test
  void theSecretShowsNowhere() throws Exception {
    assumeTrue(lab().secret().isPresent(), "has no secret");
    String secret = lab().secret().orElseThrow();
    Source source = lab().big(BIG);
    try (Dump dump = engine().dump(source)) {
      dump.stream().readNBytes(1 << 16);
      assertThat(commandLines()).isNotEmpty().noneMatch(line -> line.contains(secret));
      dump.stream().transferTo(OutputStream.nullOutputStream());
      Dump.Report report = dump.finish();
      assertThat(report.toString() + source).doesNotContain(secret);
      for (Attachment attachment : report.attachments()) {
        assertThat(new String(attachment.content(), StandardCharsets.UTF_8)).doesNotContain(secret);
      }
    }
    assertThat(filesThatHold(secret)).isEmpty();
  }

  @Test
  void memoryDoesNotGrowWithTheDump() throws Exception {
    Source source = lab().big(BIG * 4);
    long before = retained();
    try (Dump dump = engine().dump(source)) {
      dump.stream().skipNBytes(BIG * 3);
      assertThat(retained() - before).isLessThan(BIG / 2);
      dump.stream().transferTo(OutputStream.nullOutputStream());
      dump.finish();
    }
  }

  private Made unchecked(Source source) {
    try {
      return make(source);
    } catch (DriverException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int[] cuts(int length) {
    return new int[] {
      0, 1, 4, 11, length / 10, length / 3, length / 2, length * 9 / 10, length - 5, length - 1
    };
  }

  private static long retained() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static List<String> commandLines() {
    return Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
        .map(handle -> read(Path.of("/proc", String.valueOf(handle.pid()), "cmdline")))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // It has ended meanwhile.
    }
  }

  /** Login files that this process left; other processes test beside this one. */
  private static List<Path> filesThatHold(String secret) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    String own = "keepset-login-" + ProcessHandle.current().pid() + "-*";
    try (var directories = Files.newDirectoryStream(temporary, own)) {
      List<Path> found = new ArrayList<>();
      for (Path directory : directories) {
        try (var files = Files.newDirectoryStream(directory)) {
          files.forEach(
              file -> {
                if (read(file).contains(secret)) {
                  found.add(file);
                }
              });
        }
      }
      return found;
    }
  }
}
