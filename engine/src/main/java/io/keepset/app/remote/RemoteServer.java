package io.keepset.app.remote;

import io.keepset.app.AuditTrail;
import io.keepset.drivers.http.PatientStream;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One server and how to speak to it. What it answers as a problem is thrown as ours. */
public final class RemoteServer {
  private static final String LINES = "application/jsonl";
  private static final String JSON = "application/json";

  /**
   * How long it may be silent.
   *
   * @param answer before an answer, and in the middle of one
   * @param beat in the middle of a long call, which says something every 15 seconds
   */
  record Patience(Duration answer, Duration beat) {
    // A plan of everything takes seconds; a store that is away is asked again for minutes.
    static final Patience USUAL = new Patience(Duration.ofMinutes(15), Duration.ofMinutes(2));
  }

  private final URI base;
  private final String token;
  private final Patience patience;
  private final HttpClient client;

  /**
   * One that the machine trusts, if it speaks TLS.
   *
   * @param token in clear
   */
  public RemoteServer(URI base, String token) {
    this(base, token, Optional.empty());
  }

  /**
   * @param token in clear
   * @param trusted instead of whom the machine trusts
   */
  public RemoteServer(URI base, String token, Optional<SSLContext> trusted) {
    this(base, token, trusted, Patience.USUAL);
  }

  RemoteServer(URI base, String token, Optional<SSLContext> trusted, Patience patience) {
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.token = token;
    this.patience = patience;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    trusted.ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  public URI address() {
    return base;
  }

  MapNode get(String path) throws DriverException {
    return map(send("GET", path, JSON, null));
  }

  /** A question that needs a body. */
  MapNode ask(String path, Node body) throws DriverException {
    return map(send("POST", path, JSON, json(body)));
  }

  void post(String path, Node body) throws DriverException {
    drain(send("POST", path, JSON, json(body)));
  }

  MapNode post(String path) throws DriverException {
    return map(send("POST", path, JSON, BodyPublishers.noBody()));
  }

  void delete(String path) throws DriverException {
    drain(send("DELETE", path, JSON, null));
  }

  InputStream open(String path) throws DriverException {
    return patient(send("GET", path, "application/octet-stream, application/problem+json", null));
  }

  void putBytes(String path, InputStream body) throws DriverException {
    drain(send("PUT", path, JSON, BodyPublishers.ofInputStream(() -> body)));
  }

  MapNode upload(String path, InputStream body) throws DriverException {
    // No limit: it is answered once all of it was sent and checked, which may take hours.
    HttpResponse<InputStream> response =
        exchange("POST", path, JSON, BodyPublishers.ofInputStream(() -> body), Optional.empty());
    if (response.statusCode() / 100 == 2) {
      return map(response.body());
    }
    byte[] text = beginning(response);
    Optional<MapNode> backup = RemoteProblem.backup(text);
    if (backup.isPresent()) {
      return backup.get();
    }
    throw RemoteProblem.of(base, response.statusCode(), text);
  }

  private static void hear(MapNode line, Progress progress) {
    long about = number(line, "about");
    if (about > 0) {
      progress.expect(about);
    }
    progress.at(number(line, "done"), number(line, "total"));
  }

  /** A call that may take hours and reports how far it is. */
  MapNode call(String path, @Nullable Node body, Progress progress) throws DriverException {
    MapNode last =
        converse(
            path,
            body == null ? BodyPublishers.noBody() : json(body),
            line -> line.map("progress").ifPresent(p -> hear(p, progress)));
    Optional<MapNode> problem = last.map("problem");
    if (problem.isEmpty()) {
      return last.map("result").orElseThrow();
    }
    Optional<MapNode> backup = problem.get().map("backup");
    if (backup.isPresent()) {
      return backup.get(); // its state and error say what the problem says
    }
    throw RemoteProblem.toException(500, problem.get());
  }

  /**
   * A call that may take hours and tells of what it does.
   *
   * @param heard of all lines but the last
   * @return the last line, with {@code result} or {@code problem}
   */
  MapNode converse(String path, BodyPublisher body, Consumer<MapNode> heard)
      throws DriverException {
    InputStream answer = new PatientStream(send("POST", path, LINES, body), patience.beat());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.isEmpty()) {
          continue; // it is still at work
        }
        MapNode message = parse(line.getBytes(StandardCharsets.UTF_8));
        if (message.map("result").isPresent() || message.map("problem").isPresent()) {
          return message;
        }
        heard.accept(message);
      }
    } catch (IOException e) {
      throw lost(e);
    }
    throw lost(new IOException("the answer ended early"));
  }

  private InputStream send(String method, String path, String accept, @Nullable BodyPublisher body)
      throws DriverException {
    HttpResponse<InputStream> response =
        exchange(method, path, accept, body, Optional.of(patience.answer()));
    if (response.statusCode() / 100 == 2) {
      return response.body();
    }
    throw RemoteProblem.of(base, response.statusCode(), beginning(response));
  }

  private byte[] beginning(HttpResponse<InputStream> response) throws DriverException {
    try (InputStream body = patient(response.body())) {
      return body.readNBytes(1 << 20);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private InputStream patient(InputStream answer) {
    return new PatientStream(answer, patience.answer());
  }

  private HttpResponse<InputStream> exchange(
      String method,
      String path,
      String accept,
      @Nullable BodyPublisher body,
      Optional<Duration> limit)
      throws DriverException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("api/v1/" + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", accept)
            .header("Keepset-User", AuditTrail.user())
            .header("Content-Type", method.equals("PUT") || body != null ? JSON : "text/plain")
            .method(method, body == null ? BodyPublishers.noBody() : body);
    limit.ifPresent(request::timeout);
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          "no keepset server answers at "
              + base
              + ": start it with keepset serve, or leave --server"
              + " and KEEPSET_SERVER out to work without one",
          e);
    } catch (SSLException e) {
      if (String.valueOf(e.getMessage()).contains("plaintext connection")) {
        throw new DriverException(
            Kind.REJECTED,
            "the server at " + base + " speaks no TLS: name it with http:// or start it with --tls",
            e);
      }
      throw new DriverException(
          Kind.DENIED,
          "the server at "
              + base
              + " is not trusted ("
              + e.getMessage()
              + "): name the file with the certificate of its authority by --ca or KEEPSET_CA",
          e);
    } catch (IOException e) {
      throw lost(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "interrupted", e);
    }
  }

  private DriverException lost(IOException e) {
    return new DriverException(
        Kind.TRANSIENT,
        "the connection to the server at "
            + base
            + " broke ("
            + e.getMessage()
            + "); what it was doing there goes on: look with keepset backup list",
        e);
  }

  private MapNode map(InputStream answer) throws DriverException {
    try (InputStream all = patient(answer)) {
      return parse(all.readAllBytes());
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private void drain(InputStream answer) throws DriverException {
    try (InputStream all = patient(answer)) {
      all.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private MapNode parse(byte[] bytes) throws DriverException {
    return JsonText.read(new SourceFile("answer", bytes))
        .valid()
        .map(node -> node instanceof MapNode map ? map : null)
        .orElseThrow(
            () ->
                new DriverException(
                    Kind.REJECTED, "what answers at " + base + " is no keepset server"));
  }

  private static BodyPublisher json(Node node) {
    return BodyPublishers.ofString(JsonText.writeCompact(node));
  }

  private static long number(MapNode map, String key) {
    return map.text(key).map(Long::parseLong).orElse(-1L);
  }
}
