package io.keepset.drivers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every engine promises about what fails or hangs around it. */
public abstract class FaultLaws extends LabTest {
  /** Far above every limit that the laws set: only what hangs for ever takes so long. */
  static final Duration FOR_EVER = Duration.ofMinutes(5);

  private static final String HUNG = "(?s).* for \\d+ (s|seconds|minutes)\\b.*";

  /** Prints every file that its arguments or its environment name. */
  private static final String TELLTALE =
      "for word in \"$@\" $(env); do file=\"${word#*=}\"; [ -f \"$file\" ] && cat \"$file\" >&2;"
          + " done; exit 1";

  /** Says nothing, and does not end when it is asked to. */
  private static final String DEAF = "trap '' TERM; while :; do sleep 1; done";

  @Test
  void aServerThatDiesInTheMiddleFailsTheDump() throws Exception {
    Source source = lab().big(BIG);
    Optional<Runnable> death = lab().serverDeath(source);
    assumeTrue(death.isPresent(), "there is no server to die");
    try (Dump dump = engine().dump(source)) {
      dump.stream().readNBytes(1 << 16);
      death.get().run();
      dump.stream().transferTo(OutputStream.nullOutputStream());
      assertThatThrownBy(dump::finish)
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT));
    }
  }

  @Test
  void aServerThatHangsFailsTheDumpAfterALimit() throws Exception {
    Optional<Fragile> found = lab().fragile(lab().big(BIG));
    assumeTrue(found.isPresent(), "there is nothing that could hang");
    Set<Long> before = children();
    try (Fragile server = found.get()) {
      DriverException e =
          assertTimeoutPreemptively(
              FOR_EVER,
              () -> {
                try (Dump dump = engine().dump(server.source())) {
                  dump.stream().readNBytes(1 << 16);
                  server.hang().run();
                  dump.stream().transferTo(OutputStream.nullOutputStream());
                  return catchThrowableOfType(DriverException.class, dump::finish);
                }
              });
      assertThat(e).isNotNull();
      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e.getMessage()).matches(HUNG);
    }
    assertThat(children()).isSubsetOf(before);
  }

  @Test
  void closingADumpEndsItsProcesses() throws Exception {
    Source source = lab().big(BIG);
    Set<Long> before = children();
    try (Dump dump = engine().dump(source)) {
      assertThat(dump.stream().read()).isGreaterThanOrEqualTo(0);
    }
    assertThat(children()).isSubsetOf(before);
  }

  @Test
  void closingADumpEndsItsConversation() throws Exception {
    Optional<Fragile> found = lab().fragile(lab().big(BIG));
    assumeTrue(found.isPresent(), "talks to nobody");
    try (Fragile server = found.get()) {
      try (Dump dump = engine().dump(server.source())) {
        dump.stream().readNBytes(1 << 16);
      }
      Await.until("a server that has nothing to do", server.quiet()::getAsBoolean);
    }
  }

  @Test
  void aToolThatHangsIsEndedAndKilledIfItDoesNotHear() throws Exception {
    Optional<Source> source = lab().withTool(lab().small(), DEAF);
    assumeTrue(source.isPresent(), "dumps by no program that a test could replace");
    Set<Long> before = children();
    DriverException e =
        assertTimeoutPreemptively(
            FOR_EVER, () -> catchThrowableOfType(DriverException.class, () -> make(source.get())));
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.getMessage()).matches(HUNG);
    assertThat(children()).isSubsetOf(before);
  }

  @Test
  void aToolThatTellsThePasswordIsNotRepeated() throws Exception {
    Optional<Source> source = lab().withTool(lab().small(), TELLTALE);
    assumeTrue(source.isPresent(), "dumps by no program that a test could replace");
    DriverException e = catchThrowableOfType(DriverException.class, () -> make(source.get()));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).contains("***").doesNotContain(uniquePart());
  }

  /** Of the password: what no way to write it down changes. */
  final String uniquePart() {
    return lab().secret().orElseThrow().replaceFirst("^.*?([0-9a-f-]{36})$", "$1");
  }

  /** Most need no room of their own, which is as good. */
  @Test
  void aDumpWithoutRoomSaysWhere() throws Exception {
    Source source = lab().small();
    try (FullDisk disk = FullDisk.mount()) {
      DriverException e =
          withTemporaryFilesOn(
              disk, () -> catchThrowableOfType(DriverException.class, () -> make(source)));
      requireSaid(e, disk);
      assertThat(disk.files()).isEmpty();
    }
    assertThat(engine().verify(make(source).open()).good()).isTrue();
  }

  static void requireSaid(DriverException e, FullDisk disk) {
    if (e != null) {
      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e.getMessage()).containsAnyOf("No space left", "is full", "no room");
      assertThat(e.getMessage()).contains(disk.directory().toString());
    }
  }

  interface Work<T> {
    T run() throws Exception;
  }

  static <T> T withTemporaryFilesOn(FullDisk disk, Work<T> work) throws Exception {
    String before = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", disk.directory().toString());
    try {
      return work.run();
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }
}
