package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.lab.PostgresLab;
import io.keepset.drivers.lab.StandIns;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of dumps that only PostgreSQL has: owners, sessions in the way, programs that lie. */
class PostgresRestoreTest {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  private static final RestoreRequest NEW = new RestoreRequest(Mode.NEW, Optional.empty());

  private static final Set<PosixFilePermission> FOR_ALL =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static PostgresEngineLab lab;
  private final PostgresEngine engine = new PostgresEngine();

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

  private record Made(byte[] artifact, ArtifactFacts facts) {
    InputStream open() {
      return new ByteArrayInputStream(artifact);
    }
  }

  private Made dump(Source source) throws Exception {
    try (Dump dump = engine.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      return new Made(artifact, dump.finish().facts());
    }
  }

  /** A directory of tools whose pg_restore is this script; {@code REAL} is the real one. */
  private static String restoring(String script) throws IOException {
    Path bin = lab.server().bin();
    Path tools =
        StandIns.make(
            "pg_restore",
            script.replace("REAL", bin.resolve("pg_restore").toString()),
            bin,
            "psql",
            "pg_dump",
            "pg_dumpall",
            "initdb",
            "postgres");
    Files.setPosixFilePermissions(tools, FOR_ALL); // a scratch server runs as another user
    return tools.toString();
  }

  @Test
  void aNewerDumpIsRefusedWithBothVersions() {
    TreeMap<String, String> facts =
        new TreeMap<>(Map.of("server_version", "18.1", "archive_format", "1.16"));
    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () -> engine.checkRestore(new ArtifactFacts(Contents.FORMAT, facts), lab.small(), NEW));
    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e.getMessage()).contains("18.1").contains("15.");
  }

  @Test
  void sessionsInTheWayAreNamedBeforeAnythingIsTouched() throws Exception {
    Source source = lab.small();
    ArtifactFacts facts = dump(source).facts();
    try (Connection other = lab.server().connect(source.database())) {
      assertThat(other.isValid(1)).isTrue();
      DriverException e =
          catchThrowableOfType(
              DriverException.class, () -> engine.checkRestore(facts, source, OVER));
      assertThat(e.getMessage())
          .contains("1 sessions use database")
          .contains("user postgres")
          .contains("pg_terminate_backend");
    }
  }

  @Test
  void overKeepsOwnerGrantsAndSettingsOfTheDatabaseAndTheOldOneBesides() throws Exception {
    Source source = lab.small();
    Made made = dump(source);
    String properties =
        "select datname || datdba || coalesce((select array_agg(a::text order by a::text)::text"
            + " from unnest(datacl) a), '') || coalesce((select setconfig::text"
            + " from pg_db_role_setting where setdatabase = d.oid), '') from pg_database d where"
            + " datname = '"
            + source.database()
            + "'";
    var before = lab.server().query("postgres", properties);

    RestoreReport report = engine.restore(made.open(), made.facts(), List.of(), source, OVER);

    assertThat(lab.server().query("postgres", properties)).isEqualTo(before);
    assertThat(report.notes()).anyMatch(note -> note.contains("is kept as"));
    assertThat(lab.inventory()).anyMatch(name -> name.startsWith(source.database() + "_before_"));
  }

  /** Such a name would send the password to a server of somebody's choice. */
  @ParameterizedTest
  @ValueSource(strings = {"host=evil.invalid", "dbname=postgres", "it's a \\ name"})
  void aNameThatLooksLikeAConnectionIsANameAndNothingElse(String name) throws Exception {
    Source source = lab.small();
    Made made = dump(source);

    engine.restore(
        made.open(),
        made.facts(),
        List.of(),
        source,
        new RestoreRequest(Mode.NEW, Optional.of(name)));

    assertThat(lab.content(lab.source(name))).isEqualTo(lab.content(source));
    assertThat(lab.server().query("postgres", "select count(*) from pg_class where relname = 'v'"))
        .containsExactly("0");
  }

  /** An exit code is no proof. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat >/dev/null; exit 0",
        "exit 0",
        "exec REAL \"$@\" --exclude-schema='Odd \"schema'",
        "exec REAL \"$@\" --table=customer",
        "exec REAL \"$@\" --schema-only",
      })
  void aRestoreThatOnlySaysThatAllIsWellIsRefusedAndUndone(String pgRestore) throws Exception {
    Source source = lab.small();
    Made made = dump(source);
    Source lying =
        lab.source(source.database(), Map.of(), Map.of("tools_dir", restoring(pgRestore)));
    List<String> inventory = lab.inventory();

    for (RestoreRequest request : List.of(NEW, OVER)) {
      DriverException e =
          catchThrowableOfType(
              DriverException.class,
              () -> engine.restore(made.open(), made.facts(), List.of(), lying, request));

      assertThat(e)
          .as("%s", request)
          .hasMessageContaining("pg_restore said that all is well, but")
          .hasMessageContaining("is missing");
    }
    assertThat(lab.inventory()).isEqualTo(inventory);
    assertThat(lab.server().query(source.database(), "select count(*) from customer"))
        .containsExactly("500");
  }

  @Test
  void missingRolesCostOwnersInANewDatabaseAndRefuseAnOldOne() throws Exception {
    Source source = lab.small();
    Made made = dump(source);
    TreeMap<String, String> facts = new TreeMap<>(made.facts().values());
    facts.put("roles", "app gone");
    ArtifactFacts stranger = new ArtifactFacts(Contents.FORMAT, facts);

    RestoreReport report = engine.restore(made.open(), stranger, List.of(), source, NEW);
    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> engine.checkRestore(stranger, source, OVER));

    assertThat(report.notes()).anyMatch(note -> note.contains("lacks the roles gone"));
    assertThat(e.getMessage()).contains("lacks the roles gone");
  }

  @Test
  void aLoginOfItsOwnRestores() throws Exception {
    Source source = lab.small();
    Source restorer =
        lab.source(
            source.database(),
            Map.of("restore_user", "nobody", "restore_password", "env:NOBODY"),
            Map.of());
    ArtifactFacts facts = dump(source).facts();
    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> engine.checkRestore(facts, restorer, NEW));
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e.getMessage()).contains("ALTER ROLE \"nobody\" CREATEDB");
  }

  /** A program that loses a row afterwards stands for whatever else could; all names are there. */
  @Test
  void aProofInAScratchInstanceFindsALostRow(@TempDir Path place) throws Exception {
    Files.setPosixFilePermissions(place, FOR_ALL);
    Made made = dump(lab.small());
    String losing =
        "REAL \"$@\" && exec PSQL -X -w -q -c 'delete from customer where id = 7'"
            .replace("PSQL", lab.server().bin().resolve("psql").toString());

    assertThat(proven(made, Options.NONE, place).differences()).isEmpty();
    assertThat(proven(made, Options.of(Map.of("tools_dir", restoring(losing))), place))
        .extracting(Scratch.Comparison::differences)
        .isEqualTo(List.of("600 rows came back, 601 were dumped"));
  }

  /** What was left out by option has no rows there and here. */
  @Test
  void aProofOfADumpWithoutTheDataOfATableIsGood(@TempDir Path place) throws Exception {
    Files.setPosixFilePermissions(place, FOR_ALL);
    Map<String, String> without = Map.of("exclude_table_data[0]", "public.customer");
    Made made = dump(lab.source(lab.small().database(), Map.of(), without));

    Scratch.Comparison comparison = proven(made, Options.of(without), place);

    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.found()).contains("101 rows");
  }

  private Scratch.Comparison proven(Made made, Options options, Path place) throws Exception {
    Scratch.Wanted wanted =
        new Scratch.Wanted(made.facts(), made.artifact().length, options, place);
    try (Scratch.Instance instance = engine.scratch().start(wanted)) {
      RestoreReport restored =
          engine.restore(
              made.open(), made.facts(), List.of(), instance.target(), instance.request());
      return instance.compare(restored);
    }
  }
}
