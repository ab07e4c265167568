package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.SamplePolicy;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.remote.ServerFile;
import io.keepset.policy.Mode;
import io.keepset.spi.DriverException;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on a directory, with commands beside it. */
class ServiceTest {
  private static final String TOKEN = "a-token-for-tests-only";

  @TempDir private Path home;
  private Path data;
  private Path policies;
  private final List<String> newTokens = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    data = home.resolve("data");
    policies = home.resolve("policies");
    SamplePolicy.of(home).withData().write(policies);
  }

  @Test
  void commandsWorkWithAndWithoutAServerOnTheSameData() throws Exception {
    try (Service service = start(Optional.empty())) {
      applied(service);
      Result made = commands().run("backup", "create", "files");
      assertThat(made.code()).as(made.err()).isZero();
      assertThat(commands().run("backup", "list").out()).contains("CREATED");
      assertThat(commands().run("store", "check", "main").code()).isZero();
      Path copy = home.resolve("copy.tar.gz");
      Result download = commands().run("backup", "download", "files", copy.toString());
      assertThat(download.code()).as(download.err()).isZero();
      assertThat(copy).isNotEmptyFile();
    }

    Result alone = commands().run("backup", "list");

    assertThat(alone.code()).as(alone.err()).isZero();
    assertThat(alone.out()).contains("CREATED");
    assertThat(data.resolve("server.json")).doesNotExist();
  }

  @Test
  void theTokenIsMadeOnceAndOnlyItsHashIsKept() throws Exception {
    try (Service service = start(Optional.empty())) {
      assertThat(newTokens).hasSize(1);
      assertThat(get(service, "/api/v1/status", newTokens.get(0)).statusCode()).isEqualTo(200);
      assertThat(get(service, "/api/v1/status", "other").statusCode()).isEqualTo(401);
      assertThat(Files.getPosixFilePermissions(data.resolve("server.json")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    String token = newTokens.get(0);
    try (Service service = start(Optional.of("ignored-because-it-is-not-first"))) {
      assertThat(newTokens).hasSize(1);
      assertThat(get(service, "/api/v1/status", token).statusCode()).isEqualTo(200);
      assertThat(get(service, "/api/v1/status", "ignored-because-it-is-not-first").statusCode())
          .isEqualTo(401);
      assertThat(notes).singleElement().asString().contains("KEEPSET_TOKEN", "--new-token");
    }
    assertThat(contains(data, token)).isFalse();
  }

  @Test
  void aStartThatFailsUsesNoTokenUp() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> start(Optional.empty(), false, taken.getLocalPort()));
      assertThat(newTokens).isEmpty();
    }
    try (Service service = start(Optional.empty())) {
      assertThat(newTokens).hasSize(1);
      assertThat(get(service, "/api/v1/status", newTokens.get(0)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aLostTokenIsReplaced() throws Exception {
    try (Service service = start(Optional.of(TOKEN))) {
      applied(service);
    }
    try (Service service = start(Optional.empty(), true)) {
      assertThat(newTokens).hasSize(1);
      assertThat(get(service, "/api/v1/status", newTokens.get(0)).statusCode()).isEqualTo(200);
      assertThat(get(service, "/api/v1/status", TOKEN).statusCode()).isEqualTo(401);
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void aGivenTokenMustBeLongEnough() {
    assertThatThrownBy(() -> start(Optional.of("short")))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("16 characters");
  }

  @Test
  void aNamedServerWantsItsToken() throws Exception {
    try (Service service = start(Optional.of(TOKEN))) {
      applied(service);
      CommandLineForTests elsewhere =
          new CommandLineForTests(home.resolve("elsewhere"))
              .with("KEEPSET_SERVER", service.address().toString());

      assertThat(elsewhere.run("backup", "list").err()).contains("KEEPSET_TOKEN");
      assertThat(elsewhere.with("KEEPSET_TOKEN", "wrong").run("backup", "list").err())
          .contains("does not know this token");
      assertThat(elsewhere.with("KEEPSET_TOKEN", TOKEN).run("backup", "list").code()).isZero();
    }
  }

  @Test
  void thereIsOneServerToADataDirectory() throws Exception {
    try (Service service = start(Optional.of(TOKEN))) {
      assertThat(service.address().getPort()).isPositive();
      assertThatThrownBy(() -> start(Optional.of(TOKEN)))
          .hasMessageContaining("another keepset server runs on " + data);
    }
  }

  @Test
  void mistakesLeaveInForceWhatWasThere() throws Exception {
    try (Service service = start(Optional.of(TOKEN))) {
      applied(service);
      Files.writeString(policies.resolve("bad.yaml"), "polcy: {}\n");

      HttpResponse<String> plan = get(service, "/api/v1/plan", TOKEN);

      assertThat(plan.statusCode()).isEqualTo(422);
      assertThat(plan.body()).contains("bad.yaml", "\"line\": 1");
      assertThat(get(service, "/api/v1/databases/files", TOKEN).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aStopWaitsForARunThatIsUnderWay() throws Exception {
    Path big = home.resolve("files").resolve("big");
    Files.write(big, new byte[64 << 20]);
    CompletableFuture<HttpResponse<String>> answer;
    try (Service service = start(Optional.of(TOKEN))) {
      applied(service);
      answer =
          HttpClient.newHttpClient()
              .sendAsync(
                  request(service, "/api/v1/databases/files/backups", TOKEN)
                      .POST(HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      Await.until(
          "the backup", () -> get(service, "/api/v1/backups", TOKEN).body().contains("\"id\""));
    }

    assertThat(answer.get().statusCode()).isEqualTo(201);
    assertThat(commands().run("backup", "list").out()).contains("CREATED").doesNotContain("FAILED");
  }

  private Service start(Optional<String> token) throws DriverException, IOException {
    return start(token, false);
  }

  private Service start(Optional<String> token, boolean replace)
      throws DriverException, IOException {
    return start(token, replace, 0);
  }

  private Service start(Optional<String> token, boolean replace, int port)
      throws DriverException, IOException {
    Clock clock = Clock.systemUTC();
    return Service.start(
        ServiceSettings.of(data)
            .port(port)
            .mode(Optional.of(Mode.FULL))
            .token(token)
            .replaceToken(replace)
            .newToken(newTokens::add)
            .note(notes::add)
            .build(),
        new Wiring(data, clock, Map.of(), Service.journal(), note -> {}),
        new DirectoryFeed(policies, clock));
  }

  /** Waits until the first turn has put the policies into force. */
  private void applied(Service service) throws Exception {
    String token = ServerFile.await(data, Await.PATIENCE).orElseThrow().secret();
    Await.until(
        "files in force",
        () -> get(service, "/api/v1/databases/files", token).statusCode() == 200,
        () -> get(service, "/api/v1/status", token).body());
  }

  private CommandLineForTests commands() {
    return new CommandLineForTests(data).at(Clock.systemUTC());
  }

  private static HttpResponse<String> get(Service service, String path, String token)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(request(service, path, token).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(Service service, String path, String token) {
    return HttpRequest.newBuilder(URI.create(service.address() + path))
        .header("Authorization", "Bearer " + token);
  }

  private static boolean contains(Path directory, String text) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains(text)) {
          return true;
        }
      }
    }
    return false;
  }
}
