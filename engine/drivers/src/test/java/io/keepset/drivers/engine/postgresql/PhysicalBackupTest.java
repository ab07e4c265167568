package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.engine.postgresql.physical.BaseBackup;
import io.keepset.drivers.engine.postgresql.physical.WalScanner;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalScan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Base backups and log of a real server: whole ones are good, others are not. */
class PhysicalBackupTest {
  private static final PostgresEngine ENGINE = new PostgresEngine();
  private static PostgresLab lab;
  private static byte[] artifact;
  private static ArtifactFacts facts;
  private static Instant begun;
  private static Instant ended;

  @BeforeAll
  static void start() throws Exception {
    lab = PostgresLab.start(List.of("synchronous_commit=on"));
    lab.execute("postgres", "create table t as select g from generate_series(1, 10000) g");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    begun = Instant.now();
    try (Dump dump = ENGINE.dump(source("backup", "physical"))) {
      dump.stream().transferTo(bytes);
      facts = dump.finish().facts();
    }
    ended = Instant.now();
    artifact = bytes.toByteArray();
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private static Source source(String... options) {
    return sourceOf(PostgresLab.SUPERUSER, options);
  }

  private static Source sourceOf(String user, String... options) {
    Options all = Options.NONE;
    for (int i = 0; i + 1 < options.length; i += 2) {
      all = all.with(options[i], options[i + 1]);
    }
    return new Source(
        "orders", lab.connection("postgres", user), all, reference -> new Secret(lab.password()));
  }

  private static Verdict verify(byte[] bytes) throws DriverException {
    return ENGINE.verify(new ByteArrayInputStream(bytes));
  }

  @Test
  void aWholeBackupIsGoodAndSaysWhereItStands() throws Exception {
    Verdict verdict = verify(artifact);

    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    assertThat(verdict.facts()).contains(facts);
    assertThat(facts.format()).isEqualTo(BaseBackup.FORMAT);
    assertThat(ENGINE.facts().extension(facts)).as("pg_restore can't read it").isEqualTo(".tar");
    assertThat(ENGINE.facts().extension(new ArtifactFacts(Contents.FORMAT, new TreeMap<>())))
        .isEqualTo(".dump");
    assertThat(facts.values().get("system_id"))
        .isEqualTo(
            lab.query("postgres", "select system_identifier from pg_control_system()").get(0));
    assertThat(facts.values()).containsKeys("start_lsn", "stop_lsn", "timeline", "files");
    assertThat(BaseBackup.point(facts).orElseThrow().stopped().orElseThrow())
        .as("the server has the clock of this machine; it tells whole seconds")
        .isBetween(begun, ended.plusSeconds(1));
    assertThat(lab.query("postgres", "select count(*) from pg_replication_slots"))
        .as("the slot of the dump is gone")
        .containsExactly("0");
  }

  @Test
  void whatIsCutOrChangedIsBad() throws Exception {
    assertThat(verify(Arrays.copyOf(artifact, artifact.length / 2)).good()).isFalse();
    assertThat(verify(Arrays.copyOf(artifact, artifact.length - 2048)).good()).isFalse();
    for (String name : List.of("base/1/", "global/pg_control", "backup_label", "pg_wal/0")) {
      byte[] changed = artifact.clone();
      changed[contentOf(name) + 40] ^= 1;
      Verdict verdict = verify(changed);
      assertThat(verdict.good()).as("%s: %s", name, verdict.findings()).isFalse();
    }
  }

  /** Offset of the bytes of the first file whose path begins so and that has some. */
  private static int contentOf(String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < artifact.length; at += 512) {
      boolean header =
          Arrays.equals(artifact, at, at + wanted.length, wanted, 0, wanted.length)
              && new String(artifact, at + 257, 5, StandardCharsets.US_ASCII).equals("ustar")
              && artifact[at + 156] == '0'
              && !new String(artifact, at + 124, 11, StandardCharsets.US_ASCII)
                  .equals("00000000000");
      if (header) {
        return at + 512;
      }
    }
    throw new IllegalStateException("no file " + prefix);
  }

  @Test
  void itGoesIntoANewDirectoryOnly(@TempDir Path home) throws Exception {
    Path there = Files.createDirectories(home.resolve("there/something")).getParent();
    assertThatThrownBy(() -> check(RestoreRequest.Mode.NEW, there.toString()))
        .hasMessageContaining("is not empty");
    assertThatThrownBy(() -> check(RestoreRequest.Mode.NEW, "relative"))
        .hasMessageContaining("not an absolute path");
    assertThatThrownBy(() -> check(RestoreRequest.Mode.OVER, home.resolve("new").toString()))
        .hasMessageContaining("--to-new");
    assertThatThrownBy(() -> check(RestoreRequest.Mode.NEW, home + "/no/such/parent"))
        .hasMessageContaining("can't be made");

    ENGINE.restore(
        new ByteArrayInputStream(artifact), facts, List.of(), source(), into(home.resolve("new")));

    assertThat(home.resolve("new/PG_VERSION")).exists();
    assertThat(home.resolve("new/postgresql.auto.conf")).content().contains("archive_mode = off");
  }

  /** The store's client throws what it likes. */
  @Test
  void aRestoreThatBreaksOffLeavesNothingOfItsOwn(@TempDir Path home) throws Exception {
    Path made = home.resolve("made");
    Path empty = Files.createDirectory(home.resolve("empty"));
    Path theirs = empty.resolve("theirs");

    assertThatThrownBy(() -> restoreHalf(made, () -> {}))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("the store is gone")
        .hasMessageContaining("is removed again");
    assertThatThrownBy(() -> restoreHalf(empty, () -> Files.writeString(theirs, "theirs")))
        .hasMessageContaining("is removed again");

    assertThat(made).doesNotExist();
    assertThat(empty.toFile().list()).containsExactly("theirs");
  }

  @Test
  void whatSomebodyElsePutsIntoTheDirectoryMeanwhileIsNotWrittenOver(@TempDir Path home)
      throws Exception {
    Path theirs = home.resolve("base/theirs");

    assertThatThrownBy(
            () ->
                restore(
                    home,
                    0,
                    () -> {
                      Files.createDirectory(theirs.getParent());
                      Files.writeString(theirs, "theirs");
                    }))
        .hasMessageContaining("somebody else works there");

    assertThat(home.toFile().list()).containsExactly("base");
    assertThat(theirs.getParent().toFile().list()).containsExactly("theirs");
  }

  private interface Event {
    void happen() throws IOException;
  }

  /** Once so much of the artifact was read something happens. */
  private static void restore(Path directory, int read, Event event) throws DriverException {
    InputStream rest =
        new ByteArrayInputStream(artifact, read, artifact.length - read) {
          private boolean happened;

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            try {
              if (!happened) {
                happened = true;
                event.happen();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return super.read(bytes, offset, length);
          }
        };
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(artifact, 0, read), rest);
    ENGINE.restore(whole, facts, List.of(), source(), into(directory));
  }

  private static void restoreHalf(Path directory, Event meanwhile) throws DriverException {
    restore(
        directory,
        artifact.length / 2,
        () -> {
          meanwhile.happen();
          throw new IllegalStateException("the store is gone");
        });
  }

  private static RestoreRequest into(Path directory) {
    return new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of(directory.toString()));
  }

  private static void check(RestoreRequest.Mode mode, String name) throws DriverException {
    ENGINE.checkRestore(facts, source(), new RestoreRequest(mode, Optional.of(name)));
  }

  @Test
  void theLogIsReadAsPostgresqlReadsIt() throws Exception {
    lab.execute("postgres", "insert into t select g from generate_series(1, 50000) g");
    String name = lab.query("postgres", "select pg_walfile_name(pg_current_wal_lsn())").get(0);
    lab.query("postgres", "select pg_create_restore_point('here')");
    lab.execute("postgres", "insert into t values (1)");
    lab.query("postgres", "select pg_switch_wal()");
    lab.execute("postgres", "insert into t values (2)");
    Path log = lab.socketDirectory().resolve("data/pg_wal");

    WalScan scan;
    try (var in = Files.newInputStream(log.resolve(name))) {
      scan = WalScanner.scan(in);
    }

    assertThat(scan.full()).isTrue();
    assertThat(SegmentName.of(scan.timeline(), scan.start(), scan.segmentSize())).hasToString(name);
    assertThat(scan.marks()).containsKey("here");
    Matcher last = Pattern.compile("lsn: ([0-9A-F/]+)").matcher(dumped(log, name));
    String position = "";
    while (last.find()) {
      position = last.group(1);
    }
    assertThat(scan.lastRecord()).isEqualTo(Lsn.parse(position));
    byte[] bytes = Files.readAllBytes(log.resolve(name));
    int used = (int) (scan.lastRecord().orElseThrow() - scan.start());
    for (int at = used / 2; at < used / 2 + 64; at++) {
      bytes[at] ^= 1;
    }
    assertThat(WalScanner.scan(new ByteArrayInputStream(bytes)).full()).isFalse();
    assertThatThrownBy(() -> WalScanner.scan(new ByteArrayInputStream(new byte[100])))
        .isInstanceOf(DriverException.class);
  }

  private static String dumped(Path log, String name) throws Exception {
    Process process =
        new ProcessBuilder(lab.bin().resolve("pg_waldump").toString(), log.resolve(name).toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  @Test
  void dumpsAndPointInTimeExcludeEachOther() {
    assertThat(PostgresEngine.physical(source())).isFalse();
    assertThat(PostgresEngine.physical(source(Source.POINT_IN_TIME, "7d"))).isTrue();
    assertThat(PostgresEngine.physical(source("backup", "logical", Source.POINT_IN_TIME, "7d")))
        .isFalse();
  }
}
