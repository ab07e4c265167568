package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTlsTest {
  private static PostgresEngineLab lab;
  private final PostgresEngine engine = new PostgresEngine();

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/openssl")), "skipped: openssl is not installed");
    lab = new PostgresEngineLab(PostgresLab.start());
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theServerMustProveWhoItIs(@TempDir Path directory) throws Exception {
    Source required = lab.source("postgres", Map.of("tls.mode", "require"), Map.of());
    assertThat(failure(required)).hasMessageContaining("the server has no TLS");

    Path certificate = lab.server().enableTls();
    Path known = Files.copy(certificate, directory.resolve("ca.pem"));
    Path other = Files.writeString(directory.resolve("other.pem"), "nothing");

    assertThat(engine.check(full(known))).noneMatch(Diagnostic::isError);
    DriverException missing = failure(full(directory.resolve("none.pem")));
    assertThat(missing.kind()).isEqualTo(Kind.DENIED);
    assertThat(missing).hasMessageContaining("connection.tls.ca");
    assertThat(failure(full(other))).hasMessageContaining("connection.tls.ca");
    Source elsewhere =
        lab.source(
            "postgres",
            Map.of("host", "localhost", "tls.mode", "verify-full", "tls.ca", known.toString()),
            Map.of());
    assertThat(failure(elsewhere)).hasMessageContaining("the name in the certificate");
  }

  private Source full(Path ca) {
    return lab.source(
        "postgres", Map.of("tls.mode", "verify-full", "tls.ca", ca.toString()), Map.of());
  }

  private DriverException failure(Source source) {
    return catchThrowableOfType(DriverException.class, () -> engine.dump(source).close());
  }
}
