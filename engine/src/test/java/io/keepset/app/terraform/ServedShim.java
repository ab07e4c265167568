package io.keepset.app.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.PolicyFeed;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.serve.Service;
import io.keepset.app.serve.ServiceSettings;
import io.keepset.policy.Mode;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A whole server on a directory of policies, as Terraform finds it. */
public final class ServedShim implements AutoCloseable {
  public static final String TOKEN = "a-token-for-tests-only";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path data;
  private final Service service;
  private final HttpClient client = HttpClient.newHttpClient();

  /** On a directory that holds policies. */
  public static ServedShim on(Path data, Path policies) throws DriverException, IOException {
    Files.createDirectories(policies);
    return on(data, new DirectoryFeed(policies, Clock.systemUTC()));
  }

  public static ServedShim on(Path data, PolicyFeed feed) throws DriverException, IOException {
    return new ServedShim(data, feed);
  }

  private ServedShim(Path data, PolicyFeed feed) throws DriverException, IOException {
    this.data = data;
    Clock clock = Clock.systemUTC();
    this.service =
        Service.start(
            ServiceSettings.of(data)
                .mode(Optional.of(Mode.FULL))
                .patience(PATIENCE)
                .token(Optional.of(TOKEN))
                .build(),
            new Wiring(data, clock, Map.of(), Service.journal(), note -> {}),
            feed);
  }

  public URI address() {
    return service.address();
  }

  /** Commands that find this server by its data directory. */
  public CommandLineForTests commands() {
    return new CommandLineForTests(data).at(Clock.systemUTC());
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + TOKEN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks at the policies anew and waits until what it finds there is in force. */
  public ServedShim applied(String database) throws InterruptedException {
    send("POST", "/api/v1/refresh", "");
    Await.until(
        database + " in force",
        () -> {
          HttpResponse<String> status = get("/terraform/v1/status");
          assertThat(status.body()).doesNotContain("the policy files have mistakes");
          return get("/terraform/v1/databases/" + database).statusCode() == 200
              && json(status).text("state").orElseThrow().equals("in-force");
        },
        () -> get("/terraform/v1/status").body());
    return this;
  }

  public static MapNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  public static MapNode json(String text) {
    return (MapNode)
        JsonText.read(new SourceFile("answer", text.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow(() -> new AssertionError("no JSON: " + text));
  }

  @Override
  public void close() {
    service.close();
  }
}
