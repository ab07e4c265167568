package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that only PostgreSQL has: tools that lie, rights, options, addresses. */
class PostgresToolsTest {
  private static PostgresEngineLab lab;
  private final PostgresEngine engine = new PostgresEngine();
  @TempDir Path directory;

  @BeforeAll
  static void start() {
    lab = new PostgresEngineLab(PostgresLab.start());
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  /** A source whose pg_dump is this script; {@code REAL} stands for the real program. */
  private Source lying(Source source, String script) throws IOException {
    return lying(source, script, Map.of());
  }

  private Source lying(Source source, String script, Map<String, String> options)
      throws IOException {
    for (String tool : List.of("psql", "pg_restore", "pg_dumpall")) {
      program(tool, "exec REAL \"$@\"");
    }
    program("pg_dump", "[ \"$1\" = --version ] && exec REAL --version\n" + script);
    Map<String, String> all = new TreeMap<>(options);
    all.put("tools_dir", directory.toString());
    return lab.source(source.database(), Map.of(), all);
  }

  private void program(String tool, String script) throws IOException {
    Path file = directory.resolve(tool);
    String real = lab.server().bin().resolve(tool).toString();
    Files.writeString(file, "#!/bin/sh\n" + script.replace("REAL", real) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private byte[] read(Dump dump) throws IOException {
    return dump.stream().readAllBytes();
  }

  private DriverException failure(Source source) {
    return catchThrowableOfType(
        DriverException.class,
        () -> {
          try (Dump dump = engine.dump(source)) {
            read(dump);
            dump.finish();
          }
        });
  }

  @Test
  void aLateFailureFailsTheDump() throws IOException {
    DriverException e =
        failure(lying(lab.small(), "REAL \"$@\"; echo 'could not fsync' >&2; exit 1"));
    assertThat(e).hasMessageContaining("ended with 1").hasMessageContaining("could not fsync");
  }

  @Test
  void anEmptyDumpIsRefused() throws IOException {
    assertThat(failure(lying(lab.small(), "exit 0")).kind()).isEqualTo(Kind.DAMAGED);
  }

  @Test
  void aDumpWithoutATableIsRefusedByName() throws IOException {
    DriverException e = failure(lying(lab.small(), "exec REAL --exclude-table=customer \"$@\""));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e.getMessage()).contains("table public.customer");
  }

  @Test
  void aDumpWithoutRowsIsRefused() throws IOException {
    DriverException e = failure(lying(lab.small(), "exec REAL --schema-only \"$@\""));
    assertThat(e.getMessage()).contains("table data public.customer");
  }

  @Test
  void halfADumpNeverPassesTheCheck() throws Exception {
    Source source = lying(lab.small(), "REAL \"$@\" | head -c 15000");
    try (Dump dump = engine.dump(source)) {
      Verdict verdict = engine.verify(new ByteArrayInputStream(read(dump)));
      assertThat(verdict.good()).isFalse();
    }
  }

  @Test
  void aHangingDumpIsEnded() throws IOException {
    DriverException e =
        failure(lying(lab.small(), "exec sleep 1000", Map.of("silence_limit", "1s")));
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.getMessage()).contains("pg_dump did nothing for 1 s");
  }

  @Test
  void tablesLeftOutByOptionAreNotMissed() throws Exception {
    Source source =
        lab.source(
            lab.small().database(),
            Map.of(),
            Map.of(
                "exclude_tables[0]", "public.parted*",
                "exclude_table_data[0]", "public.custom?r"));
    try (Dump dump = engine.dump(source)) {
      read(dump);
      assertThat(dump.finish().facts().values())
          .containsEntry("tables", "4")
          .containsEntry("table_data", "3");
    }
  }

  @Test
  void anEmptyDatabaseIsABackupWithAWarning() throws Exception {
    lab.server().createDatabase("nothing");
    try (Dump dump = engine.dump(lab.source("nothing"))) {
      read(dump);
      assertThat(dump.finish().warnings()).containsExactly("database nothing holds no tables");
    }
  }

  @Test
  void aMissingDatabaseIsNamed() {
    DriverException e = failure(lab.source("no_such"));
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e.getMessage()).contains("there is no database \"no_such\"");
  }

  @Test
  void aServerThatIsDownIsNamedWithItsAddress() {
    DriverException e = failure(lab.source("postgres", Map.of("port", "1"), Map.of()));
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.getMessage()).contains("127.0.0.1:1").contains("nothing listens there");
  }

  @Test
  void theSocketDirectoryIsAHost() throws Exception {
    Source source =
        lab.source(
            lab.small().database(),
            Map.of("host", lab.server().socketDirectory().toString()),
            Map.of());
    assertThat(engine.check(source)).noneMatch(Diagnostic::isError);
  }

  @Test
  void globalsComeBesideTheDump() throws Exception {
    try (Dump dump = engine.dump(lab.small())) {
      read(dump);
      assertThat(dump.finish().attachments())
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.name()).isEqualTo("globals.sql");
                assertThat(new String(file.content(), StandardCharsets.UTF_8))
                    .contains("CREATE ROLE app");
              });
    }
  }

  @Test
  void aReaderWithLeastRightsGetsEverything() throws Exception {
    lab.server()
        .execute(
            "postgres",
            "create role reader login password 'n-" + lab.server().password() + "'",
            "grant pg_read_all_data to reader",
            "alter role reader set lo_compat_privileges = on");
    Source source =
        lab.source(
            lab.small().database(), Map.of("user", "reader", "password", "env:NOBODY"), Map.of());
    assertThat(engine.check(source)).noneMatch(Diagnostic::isError);
    try (Dump dump = engine.dump(source)) {
      assertThat(engine.verify(new ByteArrayInputStream(read(dump))).good()).isTrue();
      assertThat(dump.finish().facts().values()).containsEntry("tables", "6");
    }
  }
}
