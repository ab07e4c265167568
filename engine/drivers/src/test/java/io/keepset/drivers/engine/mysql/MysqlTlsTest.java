package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.Certificates;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secured connections to a real MariaDB. */
class MysqlTlsTest {
  private final Engine engine = new MysqlEngine();
  @TempDir private Path directory;

  @Test
  void theServerMustProveWhoItIsAndMayAskTheSame() {
    Certificates all = Certificates.make(directory);
    try (MariadbLab server =
        MariadbLab.start(
            "ssl-ca=" + all.file("ca.pem"),
            "ssl-cert=" + all.file("server.pem"),
            "ssl-key=" + all.file("server.key"))) {
      server.execute(
          "mysql",
          "CREATE DATABASE app",
          "CREATE TABLE app.t (a INT)",
          "ALTER USER admin REQUIRE SUBJECT '/CN=somebody'");
      Map<String, String> trusting = Map.of("tls.enabled", "true", "tls.ca", all.file("ca.pem"));
      Map<String, String> known = new TreeMap<>(trusting);
      known.put("tls.cert", all.file("client.pem"));
      known.put("tls.key", "file:" + all.file("client.key"));

      assertThat(engine.check(source(server, known))).noneMatch(Diagnostic::isError);
      assertThat(failure(source(server, trusting)).kind()).isEqualTo(Kind.DENIED);
      Map<String, String> other = new TreeMap<>(known);
      other.put("tls.ca", all.file("client.pem"));
      assertThat(failure(source(server, other))).hasMessageContaining("connection.tls.ca");
      Map<String, String> elsewhere = new TreeMap<>(known);
      elsewhere.put("host", "localhost");
      assertThat(failure(source(server, elsewhere))).hasMessageContaining("name in it");
    }
  }

  @Test
  void aServerWithoutTlsIsNotTalkedToInTheClear() {
    Certificates all = Certificates.make(directory);
    try (MariadbLab server = MariadbLab.start()) {
      server.execute("mysql", "CREATE DATABASE app");

      DriverException e =
          failure(source(server, Map.of("tls.enabled", "true", "tls.ca", all.file("ca.pem"))));

      assertThat(e).hasMessageContaining("check that the server has TLS");
    }
  }

  private static Source source(MariadbLab server, Map<String, String> connection) {
    TreeMap<String, String> values =
        new TreeMap<>(
            Map.of(
                "host",
                server.host(),
                "port",
                String.valueOf(server.port()),
                "user",
                MariadbLab.ADMIN,
                "password",
                "env:LAB"));
    values.putAll(connection);
    return new Source(
        "app", new Options(values), Options.NONE, EngineLab.secrets(server.password()));
  }

  private DriverException failure(Source source) {
    return catchThrowableOfType(DriverException.class, () -> engine.dump(source).close());
  }
}
