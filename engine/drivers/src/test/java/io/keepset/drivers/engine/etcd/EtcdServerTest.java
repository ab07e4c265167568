package io.keepset.drivers.engine.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to etcd, against real servers. */
class EtcdServerTest {
  private final Engine engine = new EtcdEngine();
  private EtcdLab server;
  @TempDir private Path directory;

  @BeforeEach
  void start() {
    server = EtcdLab.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private record Made(byte[] artifact, Dump.Report report) {}

  private Made make(Source source) throws DriverException, IOException {
    try (Dump dump = engine.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      return new Made(artifact, dump.finish());
    }
  }

  private RestoreReport restore(Made made, Source target, Mode mode, Optional<String> name)
      throws DriverException {
    RestoreRequest request = new RestoreRequest(mode, name);
    engine.checkRestore(made.report().facts(), target, request);
    return engine.restore(
        new ByteArrayInputStream(made.artifact()),
        made.report().facts(),
        made.report().attachments(),
        target,
        request);
  }

  @Test
  void theArtifactIsWhatEtcdctlRestoresWithUsersAndAll() throws Exception {
    server.put(many(1000));
    server.ctl("del", "key 5");
    Made made = make(server.source(Map.of()));
    Path file = directory.resolve("snapshot.db");
    Files.write(file, made.artifact());

    try (EtcdLab restored = EtcdLab.startOn(file)) {
      assertThat(restored.ctlAsRoot("get", "", "--prefix"))
          .isEqualTo(server.ctl("get", "", "--prefix"));
      assertThat(restored.ctlAsRoot("user", "list")).contains("nobody", "root");
    }
  }

  @Test
  void theLoginsOfThePageAreEnough() throws Exception {
    makeLogins(server);
    server.put(many(300));
    String lease = server.ctl("lease", "grant", "86400").split(" ", -1)[1];
    server.ctl("put", "--lease=" + lease, "registered", "here");
    Source source =
        server.source(
            Map.of("user", "backup", "restore_user", "restore", "restore_password", "env:LAB"));
    String before = server.content();

    Made made = make(source);
    server.ctl("del", "key 5");
    server.ctl("put", "later", "1");
    restore(made, source, Mode.OVER, Optional.empty());

    assertThat(server.content()).isEqualTo(before);
    assertThat(engine.check(source)).noneMatch(Diagnostic::isError);
    try (EtcdLab other = EtcdLab.start()) {
      makeLogins(other);
      restore(made, source, Mode.NEW, Optional.of(other.name()));
      assertThat(other.content()).isEqualTo(before);
    }
  }

  private static void makeLogins(EtcdLab at) throws IOException {
    for (String beginning : List.of("etcdctl user add", "etcdctl role add")) {
      for (String line : EnginesPage.lines("etcd", beginning)) {
        List<String> words = EnginesPage.words(line);
        at.toolAsRoot(
            EtcdLab.PASSWORD + "\n", words.subList(1, words.size()).toArray(new String[0]));
      }
    }
  }

  private static Map<String, byte[]> many(int count) {
    Map<String, byte[]> pairs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      pairs.put("key " + i, ("value " + i).getBytes(StandardCharsets.UTF_8));
    }
    return pairs;
  }

  @Test
  void mergingAddsAndLeavesTheRest() throws Exception {
    server.put(many(10));
    Made made = make(server.source(Map.of()));
    server.ctl("put", "key 3", "changed");
    server.ctl("put", "other", "stays");

    restore(made, server.source(Map.of()), Mode.MERGE, Optional.empty());

    assertThat(server.ctl("get", "key 3", "--print-value-only").strip()).isEqualTo("value 3");
    assertThat(server.ctl("get", "other", "--print-value-only").strip()).isEqualTo("stays");
  }

  @Test
  void whatWasReplacedIsToldByItsRevision() throws Exception {
    server.put(many(10));
    Made made = make(server.source(Map.of()));
    server.ctl("put", "key 3", "changed");
    server.ctl("put", "other", "gone");

    RestoreReport report = restore(made, server.source(Map.of()), Mode.OVER, Optional.empty());

    assertThat(server.ctl("get", "other")).isEmpty();
    String revision =
        report.notes().stream()
            .filter(note -> note.contains("--rev="))
            .map(note -> note.replaceFirst("^.*--rev=", ""))
            .findFirst()
            .orElseThrow();
    assertThat(server.ctl("get", "key 3", "--print-value-only", "--rev=" + revision).strip())
        .isEqualTo("changed");
    assertThat(report.notes()).contains("1 keys that are not in the backup deleted");
  }

  @Test
  void moreKeysThanAPageAreDeletedWhereTheyAreNotInTheBackup() throws Exception {
    server.ctl("put", "only", "one");
    Made made = make(server.source(Map.of()));
    server.put(many(11_000));

    restore(made, server.source(Map.of()), Mode.OVER, Optional.empty());

    assertThat(server.ctl("get", "", "--prefix", "--keys-only").strip()).isEqualTo("only");
  }

  @Test
  void leasesComeBackWithTheirKeysAndTheirTime() throws Exception {
    String lease = server.ctl("lease", "grant", "4711").split(" ", -1)[1];
    server.ctl("put", "--lease=" + lease, "registered", "here");
    Made made = make(server.source(Map.of()));
    try (EtcdLab other = EtcdLab.start()) {
      restore(made, server.source(Map.of()), Mode.NEW, Optional.of(other.name()));

      assertThat(other.ctl("lease", "timetolive", lease, "--keys"))
          .contains("granted with TTL(4711s)", "registered");
    }
  }

  @Test
  void keysThatSomebodyElseWroteMeanwhileStayAndNothingIsWrittenBesideThem() throws Exception {
    server.put(many(250));
    Made made = make(server.source(Map.of()));
    try (EtcdLab other = EtcdLab.start()) {
      // After the look whether the cluster is empty: that was before the first byte was read.
      InputStream artifact =
          new FilterInputStream(new ByteArrayInputStream(made.artifact())) {
            private boolean wrote;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
              if (!wrote) {
                wrote = true;
                other.put(Map.of("foreign", "stays".getBytes(StandardCharsets.UTF_8)));
              }
              return super.read(bytes, offset, length);
            }
          };

      assertThatThrownBy(
              () ->
                  engine.restore(
                      artifact,
                      made.report().facts(),
                      made.report().attachments(),
                      server.source(Map.of()),
                      new RestoreRequest(Mode.NEW, Optional.of(other.name()))))
          .hasMessageContaining("somebody else writes or restores there; nothing was written");
      assertThat(other.ctl("get", "", "--prefix", "--keys-only").strip()).isEqualTo("foreign");
    }
  }

  @Test
  void aClusterWithoutUsersNeedsNoneAndTakesOne() throws Exception {
    try (EtcdLab open = EtcdLab.start(false)) {
      open.put(many(3));

      Made nobody = make(open.source(Map.of()));
      Made somebody = make(open.source(Map.of("user", "root", "password", "env:LAB")));

      assertThat(engine.verify(new ByteArrayInputStream(nobody.artifact())).good()).isTrue();
      assertThat(engine.verify(new ByteArrayInputStream(somebody.artifact())).good()).isTrue();
    }
  }

  @Test
  void withoutALoginWhereOneIsNeededTheMessageSaysSo() {
    Source source = server.source(Map.of("user", "root"));
    Source none =
        new Source(
            "config",
            io.keepset.policy.Options.of(
                Map.of("host", "127.0.0.1", "port", source.connection().get("port").orElseThrow())),
            io.keepset.policy.Options.NONE,
            source.secrets());

    assertThatThrownBy(() -> make(none))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("set connection.user");
  }

  @Test
  void aMembersFileWithoutChecksumIsNamedForWhatItIs() throws Exception {
    Made made = make(server.source(Map.of()));
    byte[] copied = Arrays.copyOf(made.artifact(), made.artifact().length - SnapshotFile.TRAILER);

    Verdict verdict = engine.verify(new ByteArrayInputStream(copied));

    assertThat(verdict.good()).isFalse();
    assertThat(verdict.findings().get(0)).contains("no checksum at its end");
  }

  @Test
  void whatTheFileDoesNotSayStandsBeside() throws Exception {
    Made made = make(server.source(Map.of()));

    assertThat(made.report().attachments()).hasSize(1);
    assertThat(new String(made.report().attachments().get(0).content(), StandardCharsets.UTF_8))
        .contains("\"version\"", "\"revision\"", "\"peerURLs\"")
        .doesNotContain(EtcdLab.PASSWORD);
  }

  @Test
  void aServerOfAnotherKindIsNamed() {
    Source source = server.source(Map.of());
    // The peer's port answers HTTP too, and has no gateway.
    String peer = server.peerPort();

    assertThatThrownBy(() -> make(server.source(Map.of("port", peer))))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("127.0.0.1:" + peer);
    assertThat(engine.check(source)).noneMatch(found -> found.isError());
  }
}
