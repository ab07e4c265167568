package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Scratch;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server starts on a base backup, and recovers to its end. */
class BaseBackupScratchTest {
  private static final PostgresEngine ENGINE = new PostgresEngine();

  @TempDir private Path place;

  @Test
  void aServerStartsOnItAndAllDatabasesAreRead() throws Exception {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] artifact;
    ArtifactFacts facts;
    try (PostgresLab lab = PostgresLab.start()) {
      lab.execute("postgres", "create table t as select g from generate_series(1, 1000) g");
      // What the original was set to must not keep the copy from starting.
      lab.execute("postgres", "alter system set shared_buffers = '900GB'");
      try (Dump dump = ENGINE.dump(source(lab))) {
        artifact = dump.stream().readAllBytes();
        facts = dump.finish().facts();
      }
    }

    Scratch.Comparison whole = prove(artifact, facts);
    assertThat(whole.differences()).isEmpty();
    assertThat(whole.found()).contains("1 databases", "1 tables");

    SortedMap<String, String> claims = new TreeMap<>(facts.values());
    claims.put("system_id", "42");
    Scratch.Comparison other = prove(artifact, new ArtifactFacts(facts.format(), claims));
    assertThat(other.differences()).hasSize(1);
    assertThat(other.differences().get(0)).contains("42 was backed up");

    try (var left = Files.list(place)) {
      assertThat(left.toList()).isEmpty();
    }
  }

  private Scratch.Comparison prove(byte[] artifact, ArtifactFacts facts) throws Exception {
    Scratch.Wanted wanted = new Scratch.Wanted(facts, artifact.length, Options.NONE, place);
    try (Scratch.Instance instance = ENGINE.scratch().start(wanted)) {
      ENGINE.checkRestore(facts, instance.target(), instance.request());
      RestoreReport restored =
          ENGINE.restore(
              new ByteArrayInputStream(artifact),
              facts,
              List.of(),
              instance.target(),
              instance.request());
      return instance.compare(restored);
    }
  }

  private static Source source(PostgresLab lab) {
    return new Source(
        "orders",
        lab.connection("postgres", PostgresLab.SUPERUSER),
        Options.of(Map.of("backup", "physical")),
        reference -> new Secret(lab.password()));
  }
}
