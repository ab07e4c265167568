package io.keepset.drivers.engine.rethinkdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rethinkdb.gen.exc.ReqlAuthError;
import com.rethinkdb.gen.exc.ReqlAvailabilityError;
import com.rethinkdb.gen.exc.ReqlDriverError;
import com.rethinkdb.gen.exc.ReqlPermissionError;
import io.keepset.drivers.lab.FreePort;
import io.keepset.policy.Options;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives as {@code rethinkdb dump} makes them, and what errors of its driver mean. */
class RethinkArchiveTest {
  private final FakeRethink fake = new FakeRethink();
  private final RethinkEngine engine = new RethinkEngine(InstantSource.system(), fake::open);

  @Test
  void theArchiveIsLaidOutAsTheToolDoes() throws Exception {
    fake.database("shop");
    fake.table("shop", "items", "id", FakeRethink.INFO);
    fake.put("shop", "items", "1", "{\"id\":1}");
    fake.put("shop", "items", "2", "{\"id\":2}");

    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(dump(fake.source("shop")))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry.getName().replaceAll("_dump_[0-9t]+/", "_dump_/"));
        if (entry.getName().endsWith(".json")) {
          assertThat(new String(tar.readAllBytes(), UTF_8))
              .isEqualTo("[\n{\"id\":1},\n{\"id\":2}\n]\n");
        }
      }
    }
    assertThat(entries)
        .containsExactly("rethinkdb_dump_/shop/items.info", "rethinkdb_dump_/shop/items.json");
  }

  /** The tool walks a directory: its order is that of the file system. */
  @Test
  void documentsMayComeBeforeTheirDefinition() throws Exception {
    byte[] archive =
        archive(
            "rethinkdb_dump_2026-11-21T10:00:00/shop/items.json",
            "[\n{\"id\": 2, \"a\": \"ä\"},\n{\"id\": 1}\n]\n",
            "rethinkdb_dump_2026-11-21T10:00:00/shop/items.info",
            "{\"primary_key\": \"id\", \"indexes\": []}\n");
    Verdict verdict = engine.verify(new ByteArrayInputStream(archive));
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();

    RestoreReport report =
        engine.restore(
            new ByteArrayInputStream(archive),
            verdict.facts().orElseThrow(),
            List.of(),
            fake.source("shop"),
            new RestoreRequest(Mode.NEW, Optional.of("other")));

    assertThat(report.target()).startsWith("database other on ");
    assertThat(fake.content("other")).contains("{\"id\":1}", "{\"id\":2,\"a\":\"ä\"}");
  }

  @Test
  void whatIsMissingOrTornIsNamed() throws Exception {
    String info = "{\"primary_key\": \"id\"}";
    assertThat(findings("d/shop/a.info", info)).contains("it holds no table");
    assertThat(findings("d/shop/a.json", "[]")).contains("documents of [a]");
    assertThat(findings("d/shop/a.info", info, "d/shop/a.json", "[{\"id\":1}"))
        .contains("the documents of a are no JSON");
    assertThat(findings("d/shop/a.info", info, "d/shop/a.json", "[]]")).contains("of a");
    assertThat(findings("d/shop/a.info", "{}", "d/shop/a.json", "[]"))
        .contains("names no primary key");
    assertThat(findings("d/x/a.info", info, "d/y/a.json", "[]")).contains("several databases");
    assertThat(findings("d/shop/../../etc/passwd", "")).contains("no part of a dump");
  }

  @Test
  void aTableThatGivesNothingThoughItHoldsSomethingIsNoBackup() throws Exception {
    fake.database("shop");
    fake.table("shop", "items", "id", FakeRethink.INFO);
    fake.put("shop", "items", "1", "{\"id\":1}");
    fake.silent();

    try (Dump dump = engine.dump(fake.source("shop"))) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      assertThat(catchThrowableOfType(DriverException.class, dump::finish))
          .hasMessageContaining("has documents, but none of them came");
    }
  }

  @Test
  void aNumberThatIsNotWhatTheServerCountsIsAWarning() throws Exception {
    fake.database("shop");
    fake.table("shop", "items", "id", FakeRethink.INFO);
    fake.put("shop", "items", "1", "{\"id\":1}");
    fake.missing(2);

    try (Dump dump = engine.dump(fake.source("shop"))) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      assertThat(dump.finish().warnings())
          .containsExactly(
              "table items: 1 documents were read, the server counted 3 before and 3 afterwards;"
                  + " did somebody write meanwhile?");
    }
  }

  /** As a process leaves it that was killed: its number is that of none. */
  @Test
  void whatAKilledRunLeftIsSweptByTheNext(@TempDir Path spool) throws Exception {
    Path left = Files.createDirectory(spool.resolve("keepset-spool-999999999-1-1"));
    Files.writeString(left.resolve("table.gz"), "all our customers");
    fake.database("shop");
    fake.table("shop", "items", "id", FakeRethink.INFO);

    dump(spooledIn(spool));

    try (var lying = Files.newDirectoryStream(spool)) {
      assertThat(lying).isEmpty();
    }
  }

  private Source spooledIn(Path spool) {
    Source plain = fake.source("shop");
    Options options = Options.NONE.with("temp_dir", spool.toString());
    return new Source("a", plain.connection(), options, plain.secrets());
  }

  @Test
  void spoolsAreGoneAfterwards(@TempDir Path spool) throws Exception {
    fake.database("shop");
    fake.madeUp("shop", "items", 2000, 1000);
    Source source = spooledIn(spool);

    dump(source);
    try (Dump cut = engine.dump(source)) {
      cut.stream().readNBytes(3000);
      try (var lying = Files.newDirectoryStream(spool)) {
        assertThat(lying).isNotEmpty();
      }
    }

    try (var left = Files.newDirectoryStream(spool)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void errorsOfTheDriverAreTold() throws Exception {
    Address address = Address.toDump(fake.source("shop"));
    assertThat(Failures.explain("x", new ReqlAuthError("Wrong " + FakeRethink.PASSWORD), address))
        .hasMessageNotContaining(FakeRethink.PASSWORD)
        .extracting(DriverException::kind)
        .isEqualTo(Kind.DENIED);
    assertThat(Failures.explain("x", new ReqlPermissionError("no"), address))
        .hasMessageContaining("r.db(\"shop\").grant(\"backup\", {read: true})")
        .extracting(DriverException::kind)
        .isEqualTo(Kind.DENIED);
    assertThat(Failures.explain("x", new ReqlAvailabilityError("no"), address).kind())
        .isEqualTo(Kind.TRANSIENT);
    assertThat(Failures.explain("x", new ReqlDriverError("closed"), address).kind())
        .isEqualTo(Kind.TRANSIENT);
  }

  /** The real driver, and nobody there. */
  @Test
  void aServerThatIsNotThereIsTold() throws Exception {
    int port = FreePort.take();
    Source source =
        fake.source("shop", "host", "127.0.0.1", "port", String.valueOf(port), "timeout", "5");
    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> new RethinkEngine(InstantSource.system()).dump(source));
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("nothing answers").hasMessageContaining("127.0.0.1:" + port);
  }

  private byte[] dump(Source source) throws DriverException, IOException {
    try (Dump dump = engine.dump(source)) {
      byte[] archive = dump.stream().readAllBytes();
      dump.finish();
      return archive;
    }
  }

  private String findings(String... entries) throws Exception {
    Verdict verdict = engine.verify(new ByteArrayInputStream(archive(entries)));
    assertThat(verdict.good()).isFalse();
    return String.join(" ", verdict.findings());
  }

  private static byte[] archive(String... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (int i = 0; i < entries.length; i += 2) {
        byte[] content = entries[i + 1].getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(entries[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return RethinkEngineLab.gzip(out.toByteArray());
  }
}
