package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of servers that no package has, by their headers. */
class ReleaseTest {
  private static final int STRING = 0;

  /** One key, and no checksum. */
  private static Verdict verdict(String magic, int kind, String... said) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < said.length; i += 2) {
      file.write(0xfa);
      text(file, said[i]);
      text(file, said[i + 1]);
    }
    file.write(kind);
    text(file, "key");
    text(file, "value");
    file.write(0xff);
    file.writeBytes(new byte[8]);
    return RdbScan.verdict(new ByteArrayInputStream(file.toByteArray()));
  }

  private static void text(ByteArrayOutputStream file, String text) {
    file.write(text.length());
    file.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ArtifactFacts facts(String magic, String... said) throws IOException {
    Verdict verdict = verdict(magic, STRING, said);
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    return verdict.facts().orElseThrow();
  }

  private static void requireLoads(Release server, ArtifactFacts facts) throws DriverException {
    server.requireLoads(facts, "the target");
  }

  @Test
  void aFileOfANewerFormatGoesIntoItsOwnProductOfTheSameOrANewerVersion() throws Exception {
    ArtifactFacts valkey = facts("VALKEY080", "valkey-ver", "9.0.1", "used-mem", "1234567");
    assertThat(valkey.values())
        .containsEntry("server", "valkey")
        .containsEntry("rdb_version", "80")
        .containsEntry("used_memory", "1234567");
    for (Release loads :
        List.of(
            new Release(Release.VALKEY, "9.0.0"),
            new Release(Release.VALKEY, "9.1.2"),
            new Release(Release.VALKEY, "10.0.0"))) {
      assertThatCode(() -> requireLoads(loads, valkey)).doesNotThrowAnyException();
    }
    for (Release refuses :
        List.of(new Release(Release.VALKEY, "8.1.1"), new Release(Release.REDIS, "9.9.0"))) {
      assertThatThrownBy(() -> requireLoads(refuses, valkey))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("the backup is of Valkey 9.0.1 (RDB version 80), the target is ")
          .hasMessageContaining(refuses.version())
          .hasMessageContaining("restore into Valkey of the same or a newer version");
    }

    ArtifactFacts redis = facts("REDIS0013", "redis-ver", "8.6.0");
    assertThatCode(() -> requireLoads(new Release(Release.REDIS, "8.6.3"), redis))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> requireLoads(new Release(Release.REDIS, "8.4.0"), redis))
        .hasMessageContaining("Redis 8.6.0 (RDB version 13)");
  }

  @Test
  void whatBothWroteBeforeTheyWentApartGoesIntoEither() throws Exception {
    ArtifactFacts valkey = facts("REDIS0011", "redis-ver", "7.2.4", "valkey-ver", "8.1.1");
    ArtifactFacts redis = facts("REDIS0010", "redis-ver", "7.0.15");
    requireLoads(new Release(Release.REDIS, "7.2.0"), valkey);
    requireLoads(new Release(Release.REDIS, "8.0.2"), valkey);
    requireLoads(new Release(Release.VALKEY, "8.1.1"), redis);
    requireLoads(new Release(Release.VALKEY, "9.0.0"), redis);
    assertThatThrownBy(() -> requireLoads(new Release(Release.REDIS, "7.0.15"), valkey))
        .hasMessageContaining("Valkey 8.1.1 (RDB version 11)");
    assertThatThrownBy(
            () ->
                requireLoads(
                    new Release(Release.VALKEY, "9.0.0"), facts("REDIS0012", "redis-ver", "8.0.2")))
        .hasMessageContaining("restore into Redis of the same or a newer version");
  }

  /** Nobody could tell where it can be put back. */
  @Test
  void aFileOfANewerFormatThatDoesNotNameItsServerIsBad() throws Exception {
    for (String magic : List.of("REDIS0013", "VALKEY080")) {
      Verdict verdict = verdict(magic, STRING);
      assertThat(verdict.good()).isFalse();
      assertThat(verdict.findings().toString())
          .contains("does not say which server wrote it", "versions up to 12");
    }
    assertThat(verdict("REDIS0012", STRING).good()).isTrue();
  }

  @Test
  void aKindOfValueThatCameLaterIsBad() throws Exception {
    Verdict verdict = verdict("VALKEY080", 22, "valkey-ver", "9.0.1");

    assertThat(verdict.good()).isFalse();
    assertThat(verdict.findings().toString())
        .contains("unknown kind 22", "knows RDB files up to version 12, this one is of version 80");
  }
}
