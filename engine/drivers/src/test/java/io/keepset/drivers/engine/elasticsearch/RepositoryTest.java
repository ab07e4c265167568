package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a repository that the cluster does not let go of, as it answers then. */
class RepositoryTest {
  private static final String IN_USE =
      "{\"error\":{\"type\":\"illegal_state_exception\",\"reason\":\"trying to modify or unregister"
          + " repository that is currently used\"},\"status\":500}";

  @TempDir private Path directory;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean deletes = exchange.getRequestMethod().equals("DELETE");
            byte[] body = (deletes ? IN_USE : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(deletes ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Repository withFile() throws Exception {
    Source source =
        new Source(
            "search",
            new Options(
                new TreeMap<>(
                    Map.of("host", "127.0.0.1", "port", "" + server.getAddress().getPort()))),
            new Options(new TreeMap<>(Map.of("repository.path", directory.toString()))),
            Secret::new);
    Repository repository = Repository.fresh(Cluster.toRestore(source), Place.of(source));
    Files.createDirectories(repository.place().local());
    Files.writeString(repository.place().local().resolve("index-0"), "{}");
    return repository;
  }

  @Test
  void filesThatTheClusterMayStillReadStay() throws Exception {
    Repository repository = withFile();
    repository.register(true);

    assertThat(repository.drop(false))
        .singleElement()
        .asString()
        .contains("may still be registered and in use", repository.place().local().toString())
        .contains("currently used");
    assertThat(repository.place().local().resolve("index-0")).exists();
  }

  @Test
  void filesThatTheClusterNeverHeardOfGo() throws Exception {
    Repository repository = withFile();

    repository.drop(false);

    assertThat(repository.place().local()).doesNotExist();
  }
}
