package io.keepset.app.serve;

import io.keepset.access.Role;
import io.keepset.app.DirectoryFeed;
import io.keepset.app.LocalState;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.remote.ServerFile;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.security.TokenSecret;
import io.keepset.app.state.Tokens.Token;
import io.keepset.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** A whole server that follows a directory, with a token of each role, and commands beside it. */
public final class ServiceLab implements AutoCloseable {
  private final Path home;
  private final Service service;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts it on {@code home/data}, following {@code home/followed}, which somebody wrote. */
  public ServiceLab(Path home) throws Exception {
    this(home, Optional.empty());
  }

  /** The same, speaking TLS with files of an authority in {@code home/data}. */
  public ServiceLab(Path home, TlsFiles tls) throws Exception {
    this(home, Optional.of(tls));
  }

  private ServiceLab(Path home, Optional<TlsFiles> tls) throws Exception {
    this.home = home;
    Clock clock = Clock.systemUTC();
    Files.createDirectories(data());
    Wiring wiring = new Wiring(data(), clock, Map.of(), Service.journal(), note -> {});
    try (LocalState state = wiring.localState()) {
      for (Role role : Role.values()) {
        state
            .database()
            .tokens()
            .add(
                new Token(
                    "the-" + role,
                    TokenSecret.hash(token(role)),
                    role.toString(),
                    clock.instant(),
                    Optional.empty()));
      }
    }
    ServiceSettings settings = ServiceSettings.of(data()).tls(tls).build();
    service = Service.start(settings, wiring, new DirectoryFeed(home.resolve("followed"), clock));
  }

  public Path data() {
    return home.resolve("data");
  }

  /** The secret of the token {@code the-reader} and so on. */
  public static String token(Role role) {
    return "a-token-of-the-" + role;
  }

  public URI address() {
    return service.address();
  }

  /** Waits until the first turn has put a database into force. */
  public ServiceLab applied(String database) throws Exception {
    Await.until(
        database + " in force",
        () -> send(Role.READER, "GET", "/api/v1/databases/" + database, "").statusCode() == 200,
        () -> send(Role.READER, "GET", "/api/v1/status", "").body());
    return this;
  }

  /** The secret by which commands on the data directory come in. */
  public String commandSecret() throws Exception {
    return ServerFile.await(data(), Await.PATIENCE).orElseThrow().secret();
  }

  public HttpResponse<String> send(Role role, String method, String path, String body)
      throws Exception {
    return send(token(role), method, path, body);
  }

  public HttpResponse<String> send(String token, String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Commands on the same data directory. */
  public CommandLineForTests here() {
    return new CommandLineForTests(data()).at(Clock.systemUTC());
  }

  /** Commands on another machine, with a token. */
  public CommandLineForTests elsewhere(String token) {
    return new CommandLineForTests(home.resolve("elsewhere"))
        .at(Clock.systemUTC())
        .with("KEEPSET_SERVER", address().toString())
        .with("KEEPSET_TOKEN", token);
  }

  @Override
  public void close() {
    service.close();
  }
}
