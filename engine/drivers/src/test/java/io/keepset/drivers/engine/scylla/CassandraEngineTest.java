package io.keepset.drivers.engine.scylla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.drivers.lab.Relay;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws of every engine, by a real Cassandra, and what only it can tell. */
@Tag("slow")
class CassandraEngineTest extends EngineContract {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());

  private CassandraLab cassandra;

  @Override
  protected EngineLab start() throws Exception {
    cassandra = CassandraLab.start();
    return new ScyllaEngineLab(cassandra);
  }

  @Test
  void keyspacesAreFoundAndTheClustersOwnAreTold() throws Exception {
    Source source = lab().small();
    Discovery discovery = lab().engine().discovery().orElseThrow();

    assertThat(discovery.databases(source))
        .filteredOn(found -> !found.system())
        .extracting(Discovery.Found::database)
        .contains("taken", source.connection().get("keyspace", ""))
        .doesNotContain("system_schema", "system");
    assertThat(discovery.place("a", Options.of(Map.of("host", "127.0.0.1"))))
        .isEqualTo(discovery.place("b", Options.of(Map.of("keyspace", "a"))));
  }

  @Test
  void filesThatTheServerRefusesBringBackWhatWasThere() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    byte[] bad = withBrokenStatistics(made.artifact());
    assertThat(lab().engine().verify(new ByteArrayInputStream(bad)).good()).isTrue();
    String before = lab().content(source);
    List<String> inventory = lab().inventory();

    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                lab()
                    .engine()
                    .restore(new ByteArrayInputStream(bad), made.facts(), List.of(), source, OVER));

    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e)
        .hasMessageContaining("refused the files of table")
        .hasMessageContaining("is again what it was");
    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  @Test
  void whatWasThereIsKeptBesideTheData() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    lab().spoil(source);

    List<String> ofOthers = dropSnapshots();
    assertThat(ofOthers).isNotEmpty();

    RestoreReport report = restore(made, source, OVER);

    // The node made snapshots of what the restore dropped, too: only those of others are there.
    assertThat(dropSnapshots()).isEqualTo(ofOthers);
    assertThat(report.notes()).anyMatch(text -> text.contains("views are being filled"));
    String note = report.notes().stream().filter(one -> one.contains("rm -r")).findFirst().get();
    Path kept = Path.of(note.substring(note.indexOf("rm -r ") + "rm -r ".length()));
    try (var files = Files.walk(kept)) {
      assertThat(files.filter(file -> file.toString().contains("/orders/"))).isNotEmpty();
    }
  }

  private List<String> dropSnapshots() {
    return lab().inventory().stream().filter(line -> line.contains("dropped-")).toList();
  }

  @Test
  void theRolesOfThePageAreEnough() throws Exception {
    for (String line : EnginesPage.lines("scylla", "CREATE ROLE")) {
      String statement = line.replaceFirst(";$", "").replace("…", CassandraLab.PASSWORD);
      cassandra.session().execute(statement);
    }
    String keyspace = lab().small().connection().get("keyspace").orElseThrow();
    String before = lab().content(lab().small());
    Source source =
        cassandra.source(
            keyspace,
            "user",
            "backup",
            "restore_user",
            "restore",
            "restore_password",
            "env:BACKUP");

    Made made = make(source);
    lab().spoil(source);
    restore(made, source, OVER);
    RestoreReport beside = restore(made, source, into(lab().freshName()));

    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().content(beside)).isEqualTo(before);
    assertThat(lab().engine().check(source)).noneMatch(finding -> finding.isError());
  }

  @Test
  void theSnapshotIsGoneWhenTheDumpIsDone() throws Exception {
    Source source = lab().small();
    List<String> inventory = lab().inventory();
    make(source);
    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  @Test
  void aWrongDataDirectoryIsNamed() {
    Source source = lab().small();
    String keyspace = source.connection().get("keyspace").orElseThrow();
    Source elsewhere = cassandra.source(keyspace, "data[0]", "/nowhere");

    assertThatThrownBy(() -> lab().engine().dump(elsewhere))
        .hasMessageContaining("is not in [/nowhere]")
        .hasMessageContaining("check that data names all");
    assertThat(lab().inventory()).noneMatch(line -> line.startsWith("snapshot keepset"));
  }

  @Test
  void anOlderServerIsRefusedAndBothVersionsAreNamed() throws Exception {
    Source source = lab().small();
    TreeMap<String, String> values = new TreeMap<>(make(source).facts().values());
    values.put("release", "6.0.1");
    ArtifactFacts newer = new ArtifactFacts(SnapshotReader.FORMAT, values);

    assertThatThrownBy(() -> lab().engine().checkRestore(newer, source, into("fresh_one")))
        .hasMessageContaining("6.0.1")
        .hasMessageContaining("5.0.5");
  }

  /** A second node of the cluster that is in its list only. */
  @Test
  void aBlockThatNamesNotAllNodesIsRefused() throws Exception {
    Source source = lab().small();
    Made whole = make(source);
    String before = lab().content(source);
    Source part =
        new Source(
            source.database(),
            source.connection(),
            Options.of(Map.of("part_of_cluster", "true")),
            source.secrets());
    cassandra
        .session()
        .execute(
            "INSERT INTO system.peers (peer, data_center) VALUES ('127.0.0.9', 'datacenter1')");
    try {
      assertThatThrownBy(() -> make(source))
          .hasMessageContaining("the cluster has 2 nodes, the block names 1")
          .hasMessageContaining("options.part_of_cluster: true");
      assertThat(lab().engine().check(source))
          .anyMatch(found -> found.isError() && found.message().contains("has 2 nodes"));
      Made made = make(part);
      assertThat(made.report().warnings()).anyMatch(text -> text.contains("the backup is of 1"));
      for (Made one : List.of(whole, made)) {
        for (RestoreRequest request : List.of(OVER, into(lab().freshName()))) {
          assertThatThrownBy(() -> lab().engine().checkRestore(one.facts(), part, request))
              .hasMessageContaining("the cluster has 2 nodes, the target names 1");
          assertThatThrownBy(() -> restore(one, part, request))
              .hasMessageContaining("a restore must reach them all");
        }
      }
    } finally {
      cassandra.session().execute("DELETE FROM system.peers WHERE peer = '127.0.0.9'");
    }
    assertThat(lab().content(source)).isEqualTo(before);
  }

  @Test
  void whatWasThereStaysBesideTheDataIfNobodySaysThatItIsDropped() throws Exception {
    Source source = lab().big(200_000);
    String keyspace = source.connection().get("keyspace").orElseThrow();
    Made made = make(source);
    URI server = URI.create("http://127.0.0.1:" + source.connection().get("port").orElseThrow());
    try (Relay relay = Relay.losingAnswer(server, "DROP KEYSPACE", true)) {
      Source through =
          cassandra.source(keyspace, "port", String.valueOf(relay.address().getPort()));

      DriverException e =
          catchThrowableOfType(DriverException.class, () -> restore(made, through, OVER));

      assertThat(e).hasMessageContaining("keepset-before-").hasMessageContaining("files lie in");
    }
    try (var files = Files.walk(cassandra.directory(), 4)) {
      Path kept =
          files
              .filter(path -> path.getParent().getFileName().toString().equals(keyspace))
              .filter(path -> path.toString().contains("/keepset-before-"))
              .findFirst()
              .orElseThrow();
      try (var tables = Files.list(kept)) {
        assertThat(tables).anyMatch(path -> path.toString().endsWith("-Data.db"));
      }
    }
  }

  @Test
  void aKeyspaceThatSomebodyElseMadeMeanwhileIsNotDropped() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String name = lab().freshName();
    byte[] artifact = made.artifact();
    InputStream meanwhile =
        new ByteArrayInputStream(artifact) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            if (pos == 0) {
              cassandra
                  .session()
                  .execute(
                      "CREATE KEYSPACE "
                          + name
                          + " WITH replication = {'class': 'SimpleStrategy',"
                          + " 'replication_factor': 1}");
            }
            return super.read(bytes, offset, length);
          }
        };

    assertThatThrownBy(
            () -> lab().engine().restore(meanwhile, made.facts(), List.of(), source, into(name)))
        .hasMessageContaining("Keyspace " + name);

    assertThat(
            cassandra
                .session()
                .execute(
                    "SELECT * FROM system_schema.keyspaces WHERE keyspace_name = '" + name + "'")
                .all())
        .hasSize(1);
    cassandra.session().execute("DROP KEYSPACE " + name);
  }

  /** The calls of Scylla's REST API; what they ask for is done by the Cassandra. */
  @Test
  void aNodeOfScyllaIsAskedByItsRestApi() throws Exception {
    Source source = lab().small();
    String keyspace = source.connection().get("keyspace").orElseThrow();
    try (ScyllaApiStub api = new ScyllaApiStub(source, cassandra.data())) {
      Source scylla = cassandra.source(keyspace, "control", "rest", "api_url", api.url());
      Made made = make(scylla);
      RestoreReport report = restore(made, scylla, into(lab().freshName()));

      assertThat(lab().content(report)).isEqualTo(lab().content(source));
      assertThat(api.calls())
          .containsSubsequence(
              "POST /storage_service/snapshots", "DELETE /storage_service/snapshots")
          .anyMatch(call -> call.startsWith("POST /storage_service/sstables/fresh"));
      assertThatThrownBy(() -> restore(made, source, into(lab().freshName())))
          .hasMessageContaining("the backup is from scylla, the target is cassandra");

      assertThat(made.facts().values().get("release")).startsWith("2025.1.3");
      api.release("2025.2.0");
      lab().engine().checkRestore(made.facts(), scylla, into(lab().freshName()));
      api.release("6.2.1");
      assertThatThrownBy(
              () -> lab().engine().checkRestore(made.facts(), scylla, into(lab().freshName())))
          .hasMessageContaining("the backup is from Scylla 2025.1.3")
          .hasMessageContaining("the cluster is 6.2.1");

      api.refuse("POST /storage_service/snapshots");
      DriverException e = catchThrowableOfType(DriverException.class, () -> make(scylla));
      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e).hasMessageContaining("HTTP 500").hasMessageContaining("out of order");
    }
  }

  /** Checksums and digests hold, so that only the server can find it. */
  private static byte[] withBrokenStatistics(byte[] artifact) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder checksums = new StringBuilder();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(artifact));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        if (entry.getName().endsWith("-Statistics.db")) {
          java.util.Arrays.fill(content, (byte) 0x5a);
        }
        if (entry.getName().equals(TarSource.CHECKSUMS)) {
          content = checksums.toString().getBytes(StandardCharsets.UTF_8);
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        checksums.append("%08x %s%n".formatted(crc.getValue(), entry.getName()));
        TarArchiveEntry copy = new TarArchiveEntry(entry.getName());
        copy.setSize(content.length);
        copy.setModTime(0L);
        tar.putArchiveEntry(copy);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }
}
