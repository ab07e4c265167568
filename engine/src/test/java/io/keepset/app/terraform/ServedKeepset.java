package io.keepset.app.terraform;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.Wiring;
import io.keepset.app.serve.Service;
import io.keepset.app.serve.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The whole server in this process, on a free port, with a token that is known. */
public final class ServedKeepset implements AutoCloseable {
  public static final String TOKEN = "a-token-for-tests-only";

  private final Service service;
  private final HttpClient client = HttpClient.newHttpClient();

  private ServedKeepset(Service service) {
    this.service = service;
  }

  /**
   * @param home gets the data directory {@code data} and, if there are none, policies without
   *     databases
   * @param environment of the server: where its state is, secrets
   */
  public static ServedKeepset start(Path home, Map<String, String> environment) throws Exception {
    Path policies = Files.createDirectories(home.resolve("policies"));
    return start(home.resolve("data"), policies, Clock.systemUTC(), environment);
  }

  /** The same, with everything where and when it is wanted. */
  public static ServedKeepset start(
      Path data, Path policies, Clock clock, Map<String, String> environment) throws Exception {
    Wiring wiring =
        new Wiring(data, clock, environment, (severity, subject, message) -> {}, note -> {});
    Service service =
        Service.start(
            ServiceSettings.of(data)
                .poll(Duration.ofMillis(500))
                .patience(Duration.ofSeconds(20))
                .token(Optional.of(TOKEN))
                .build(),
            wiring,
            new DirectoryFeed(policies, clock));
    return new ServedKeepset(service);
  }

  public static ServedKeepset start(Path home) throws Exception {
    return start(home, Map.of());
  }

  public URI address() {
    return service.address();
  }

  /** A request with the token; headers are name, value, name, value. */
  public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address().resolve(path))
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    service.close();
  }
}
