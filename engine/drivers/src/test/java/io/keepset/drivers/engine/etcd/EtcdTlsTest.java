package io.keepset.drivers.engine.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.Certificates;
import io.keepset.spi.Engine;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secured connections to a real etcd that wants to know its clients. */
class EtcdTlsTest {
  private final Engine engine = new EtcdEngine();
  @TempDir private Path directory;

  @Test
  void bothProveWhoTheyAre() throws Exception {
    Certificates all = Certificates.make(directory);
    try (EtcdLab server = EtcdLab.startWithTls(all)) {
      Map<String, String> trusting = Map.of("tls.enabled", "true", "tls.ca", all.file("ca.pem"));
      Map<String, String> known = new TreeMap<>(trusting);
      known.put("tls.cert", all.file("client.pem"));
      known.put("tls.key", "file:" + all.file("client.key"));

      try (var dump = engine.dump(server.source(known))) {
        assertThat(engine.verify(dump.stream()).good()).isTrue();
        dump.finish();
      }
      assertThat(engine.check(server.source(known))).noneMatch(Diagnostic::isError);
      assertThat(engine.check(server.source(trusting))).anyMatch(Diagnostic::isError);
      Map<String, String> other = new TreeMap<>(known);
      other.put("tls.ca", all.file("client.pem"));
      assertThat(engine.check(server.source(other)))
          .anyMatch(found -> found.isError() && found.message().contains("connection.tls.ca"));
      assertThat(engine.check(server.source(Map.of()))).anyMatch(Diagnostic::isError);
    }
  }
}
