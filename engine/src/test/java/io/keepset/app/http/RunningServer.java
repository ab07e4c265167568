package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.app.Keepset;
import io.keepset.app.NoWal;
import io.keepset.app.security.TokenSecret;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.TargetId;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Shim;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The one Spring context of these tests: a server on a free port with fakes behind it. */
final class RunningServer implements AutoCloseable {
  static final String TOKEN = "a-token-for-tests-only";

  final FakePlatform platform = new FakePlatform();

  final AtomicInteger refreshes = new AtomicInteger();

  final HttpClient client = HttpClient.newHttpClient();

  final FakeDeclared declared = new FakeDeclared();

  final FakeHolds holds = new FakeHolds();

  final FakeTrail trail = new FakeTrail();

  final FakePlans plans = new FakePlans();

  final FakeStates states = new FakeStates();
  private final Server server;

  private final FakeLedger ledger = new FakeLedger();

  RunningServer() throws DriverException {
    Keepset keepset =
        new Keepset(
            Path.of("unused"),
            Clock.systemUTC(),
            reference -> {
              throw new IllegalStateException("no secrets here");
            },
            () ->
                new Keepset.Parts(
                    new TreeMap<>(Map.of("runner", platform)),
                    new FakeStores(),
                    holds,
                    trail,
                    new FakeTokens(),
                    declared,
                    new FakeReporting(),
                    ledger,
                    new NoWal(),
                    states,
                    "here",
                    () -> {}));
    server =
        Server.start(
            new Server.Settings("127.0.0.1", 0, Optional.empty(), Duration.ofSeconds(20)),
            new Server.Desks(
                keepset,
                new Shim(new TreeMap<>(Map.of("echo", RunningServer::echo))),
                new Follower(),
                plans,
                new Tokens(accepted(), Clock.systemUTC()),
                new FakeTokens()));
    platform.targets.put("orders", live(protection("orders")));
  }

  private static List<Tokens.Accepted> accepted() {
    List<Tokens.Accepted> accepted = new ArrayList<>();
    accepted.add(
        new Tokens.Accepted("admin", TokenSecret.hash(TOKEN), Role.ADMIN, Optional.empty()));
    for (Role role : Role.values()) {
      accepted.add(
          new Tokens.Accepted("a-" + role, TokenSecret.hash(token(role)), role, Optional.empty()));
    }
    return accepted;
  }

  /** A token with this role; the audit calls its owner {@code a-reader} and so on. */
  static String token(Role role) {
    return "a-token-of-the-" + role;
  }

  private static Reply echo(Request request) {
    String heard =
        String.join(
            " ",
            request.method(),
            request.path().toString(),
            request.query().toString(),
            request.caller().name(),
            request.caller().role().toString());
    return Reply.of(200, "text/plain", heard.getBytes(StandardCharsets.UTF_8));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  HttpResponse<String> send(String method, String path) {
    return send(method, path, "", "Authorization", "Bearer " + TOKEN);
  }

  HttpResponse<String> sendJson(String method, String path, String body) {
    return send(
        method, path, body, "Authorization", "Bearer " + TOKEN, "Content-Type", "application/json");
  }

  /** As curl does with --data where nobody says what it is. */
  HttpResponse<String> sendForm(String path, String body) {
    return send(
        "POST",
        path,
        body,
        "Authorization",
        "Bearer " + TOKEN,
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  HttpResponse<String> getWith(String path, String header, String value) {
    return send("GET", path, "", header, value);
  }

  /**
   * One request with a token of this role, or with none.
   *
   * @param operation {@code GET /path}
   */
  HttpResponse<String> sendAs(Optional<Role> role, String operation) {
    int space = operation.indexOf(' ');
    String method = operation.substring(0, space);
    String path = operation.substring(space + 1);
    return role.isEmpty()
        ? send(method, path, "{}", "Content-Type", "application/json")
        : sendJsonAs(role.get(), method, path, "{}");
  }

  HttpResponse<String> sendJsonAs(Role role, String method, String path, String body) {
    return send(
        method,
        path,
        body,
        "Content-Type",
        "application/json",
        "Authorization",
        "Bearer " + token(role));
  }

  /** The status of a request with a body of known or unknown length. */
  int bodyAs(Role role, String method, String path, String body, boolean chunked) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(address().resolve(path))
            .header("Authorization", "Bearer " + token(role))
            .header("Content-Type", "application/json")
            .method(
                method,
                chunked
                    ? HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(bytes))
                    : HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The status that a path gets which no client library would send as it stands. */
  int rawAs(Role role, String method, String path) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String head =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
              + "Authorization: Bearer "
              + token(role)
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest request =
        HttpRequest.newBuilder(address().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .headers(headers)
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Method and path of every endpoint below a prefix. */
  Set<String> mapped(String prefix) {
    Set<String> found = new TreeSet<>();
    server
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping -> {
              for (String path : mapping.getPatternValues()) {
                if (path.startsWith(prefix)) {
                  mapping
                      .getMethodsCondition()
                      .getMethods()
                      .forEach(method -> found.add(method + " " + path));
                }
              }
            });
    return found;
  }

  static MapNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static MapNode json(String text) {
    return (MapNode)
        JsonText.read(new SourceFile("answer", text.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow();
  }

  static Protection protection(String name) {
    return ProtectionCodec.decode(
        json(
            """
            {"name": "%s", "engine": "volume", "platform": "runner", "store": "main",
             "schedule": {"nightly": {"cron": "0 2 * * *", "timezone": "UTC", "jitter": "0s"}},
             "retention": {"daily": 7, "minimum": 1}, "copy": {}, "final_backup": true,
             "grace": "3d", "objective": {}, "labels": {}, "connection": {"path": "/srv"},
             "options": {}}
            """
                .formatted(name)));
  }

  static LiveTarget live(Protection protection) {
    return new LiveTarget(new TargetId("runner", protection.name()), Optional.of(protection), true);
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Follower implements Following {
    @Override
    public Node status() {
      return new MapBuilder().put("version", "test").build();
    }

    @Override
    public Planned plan() {
      return new Planned(Optional.of(new MapBuilder().put("hash", "abc").build()), List.of());
    }

    @Override
    public Planned plan(String database) {
      return database.equals("orders") ? plan() : new Planned(Optional.empty(), List.of());
    }

    @Override
    public Node testNotifications(Optional<String> receiver) {
      return new FakeReporting().testNotifications(receiver);
    }

    @Override
    public void refresh() {
      refreshes.incrementAndGet();
    }
  }
}
