package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mongodump} as a program that does what the real one was seen to do; no package has it. The
 * archives that it prints are made by hand, after the specification.
 */
class MongoToolsTest {
  private static MongoLab lab;

  private final MongoEngine engine = new MongoEngine(InstantSource.system());
  @TempDir Path tools;

  @BeforeAll
  static void startServer() {
    lab = new MongoLab();
    for (int i = 0; i < 5; i++) {
      lab.database("shop").getCollection("orders").insertOne(new Document("_id", i));
    }
  }

  @AfterAll
  static void stopServer() {
    lab.close();
  }

  @Test
  void itsArchiveIsHandedOutAsGzip() throws Exception {
    prints(ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 5)));

    try (Dump dump = engine.dump(source())) {
      byte[] artifact = dump.stream().readAllBytes();
      Dump.Report report = dump.finish();

      assertThat(report.warnings()).isEmpty();
      assertThat(report.facts().values()).containsEntry("tool_version", "100.12.2");
      assertThat(engine.verify(new ByteArrayInputStream(artifact)).facts())
          .contains(report.facts());
    }
  }

  @Test
  void thePasswordComesByAFileThatOnlyWeCanRead() throws Exception {
    prints(ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 5)));

    try (Dump dump = engine.dump(source())) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      dump.finish();
    }

    String said = Files.readString(tools.resolve("said"));
    assertThat(said).doesNotContain(MongoLab.PASSWORD).contains("--db=shop", "-rw-------");
    assertThat(said)
        .contains("uri: \"mongodb://backup:p%40w%3A%2F%25-")
        .contains("authSource=admin");
    Path config = Path.of(said.replaceAll("(?s)^.*--config=(\\S+).*$", "$1"));
    assertThat(config).doesNotExist();
  }

  /** {@code mongodump --db nosuch} ends with 0 and prints a head without collections. */
  @Test
  void anArchiveWithNothingInItIsNoBackup() throws Exception {
    prints(ArchiveSamples.archive());

    DriverException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining("collection orders is not in it");
  }

  @Test
  void aCollectionWithoutItsDocumentsIsNoBackup() throws Exception {
    prints(ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 0)));

    assertThat(failure()).hasMessageContaining("none of the 5 documents of orders");
  }

  @Test
  void aNumberThatDiffersIsAWarning() throws Exception {
    prints(ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 4)));

    try (Dump dump = engine.dump(source())) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      assertThat(dump.finish().warnings())
          .containsExactly("the backup holds 4 documents of orders, the server counts 5");
    }
  }

  @Test
  void aCutArchiveIsNoBackupThoughTheToolSaysAllIsWell() throws Exception {
    byte[] whole = ArchiveSamples.archive(ArchiveSamples.collection("shop", "orders", 5));
    prints(java.util.Arrays.copyOf(whole, whole.length - 4));

    assertThat(failure()).hasMessageContaining("it ends in the middle");
  }

  @Test
  void aWrongPasswordIsDeniedAndTheUriThatItPrintsIsScrubbed() throws Exception {
    dumpDoes(
        """
        uri=$(sed -n 's/^uri: "\\(.*\\)"$/\\1/p' "$config")
        echo "2026-11-21T10:00:00.000+0000 Failed: can't create session: failed to connect to $uri: \
        connection() error occurred during connection handshake: auth error: sasl conversation \
        error: unable to authenticate using mechanism \\"SCRAM-SHA-256\\": (AuthenticationFailed)" >&2
        exit 1
        """);

    DriverException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e)
        .hasMessageContaining("the user or its password is wrong")
        .hasMessageContaining("backup:***@");
    assertThat(e.getMessage()).doesNotContain(MongoLab.PASSWORD).doesNotContain("p%40w");
  }

  /** The real one was seen to stay for minutes after a TERM while it waits for a server. */
  @Test
  void aToolThatHangsAndIgnoresTheSignalIsEnded() throws Exception {
    dumpDoes("trap '' TERM\necho $$ >\"$dir/pid\"\nwhile :; do sleep 1; done");

    DriverException e = failure(Map.of("silence_limit", "5s"));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("did nothing for 5 s and was ended");
    long pid = Long.parseLong(Files.readString(tools.resolve("pid")).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aFullDiskAndAServerThatIsNotThereAreTold() throws Exception {
    dumpDoes("echo 'Failed: server selection error: server selection timeout' >&2; exit 1");
    assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
    dumpDoes("echo 'Failed: write /tmp/x: no space left on device' >&2; exit 1");
    assertThat(failure()).hasMessageContaining("a disk is full");
  }

  @Test
  void aToolThatMustBeThereIsMissed() {
    Source source = lab.source("shop", Map.of("method", "mongodump"));
    Stream<Path> path =
        Stream.of(System.getenv("PATH").split(":", -1)).map(entry -> Path.of(entry, "mongodump"));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        path.noneMatch(Files::isExecutable), "mongodump is on this machine");
    assertThatThrownBy(() -> engine.dump(source)).hasMessageContaining("install MongoDB's");
  }

  private DriverException failure() throws Exception {
    return failure(Map.of());
  }

  private DriverException failure(Map<String, String> options) throws Exception {
    try (Dump dump = engine.dump(source(options))) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      return catchThrowableOfType(DriverException.class, dump::finish);
    }
  }

  private Source source() {
    return source(Map.of());
  }

  private Source source(Map<String, String> more) {
    Map<String, String> options = new java.util.TreeMap<>(more);
    options.put("tools_dir", tools.toString());
    return lab.source("shop", options);
  }

  private void prints(byte[] archive) throws IOException {
    Files.write(tools.resolve("archive"), archive);
    dumpDoes(
        "{ echo \"$@\"; ls -l \"$config\"; cat \"$config\"; } >\"$dir/said\"\ncat \"$dir/archive\"");
  }

  private void dumpDoes(String script) throws IOException {
    program(
        "mongodump",
        """
        if [ "$1" = --version ]; then echo 'mongodump version: 100.12.2'; exit 0; fi
        dir=$(dirname "$0")
        for argument in "$@"; do
          case $argument in --config=*) config=${argument#--config=} ;; esac
        done
        """
            + script);
  }

  private void program(String name, String script) throws IOException {
    Path program = tools.resolve(name);
    Files.writeString(program, "#!/bin/bash\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
