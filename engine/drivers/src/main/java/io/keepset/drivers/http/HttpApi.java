package io.keepset.drivers.http;

import io.keepset.drivers.tool.Scrubber;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server to talk to. Safe for several threads. */
public final class HttpApi {
  private static final int LONGEST_COMPLAINT = 4096;
  private static final int CREATED = 201;
  private static final int LONGEST_ANSWER = 64 << 20;

  private final Endpoint endpoint;
  private final HttpClient client;
  private final Duration patience;
  private final Optional<Secret> authorization;
  private final Optional<String> doing;

  /**
   * Talks to nobody yet.
   *
   * @throws DriverException REJECTED if the TLS files can't be used
   */
  public HttpApi(Endpoint endpoint) throws DriverException {
    this(endpoint, client(endpoint), Optional.empty(), Optional.empty());
  }

  private HttpApi(
      Endpoint endpoint,
      HttpClient client,
      Optional<Secret> authorization,
      Optional<String> doing) {
    this.endpoint = endpoint;
    this.client = client;
    this.patience = endpoint.patience();
    this.authorization = authorization;
    this.doing = doing;
  }

  private static HttpClient client(Endpoint endpoint) throws DriverException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10));
    if (endpoint.tls().enabled()) {
      builder.sslContext(endpoint.tls().context());
    }
    return builder.build();
  }

  /** The same with this as the {@code Authorization}, in place of user and password. */
  public HttpApi authorized(Secret value) {
    return new HttpApi(endpoint, client, Optional.of(value), doing);
  }

  /**
   * The same, and this is what a call that the network breaks was doing; otherwise a message has
   * method and path.
   *
   * @param what as in "<i>counting queues</i> at RabbitMQ mq1:15672: nothing listens there"
   */
  public HttpApi doing(String what) {
    return new HttpApi(endpoint, client, authorization, Optional.of(what));
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** One segment of a path. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The answer to a question; an empty map if it is none of JSON's. */
  public Node get(String path) throws DriverException, Refused {
    return call("GET", path, null);
  }

  /** The same, of what need not be there. */
  public Optional<Node> find(String path) throws DriverException, Refused {
    try {
      return Optional.of(get(path));
    } catch (Refused e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * @param body as JSON, or null for none
   */
  public Node send(String method, String path, @Nullable Node body)
      throws DriverException, Refused {
    return call(method, path, body == null ? null : bytes(body));
  }

  /** The same with a body that is JSON already. */
  public Node sendJson(String method, String path, byte[] json) throws DriverException, Refused {
    return call(method, path, BodyPublishers.ofByteArray(json));
  }

  private static BodyPublisher bytes(Node body) {
    return BodyPublishers.ofString(JsonText.writeCompact(body));
  }

  private Node call(String method, String path, @Nullable BodyPublisher body)
      throws DriverException, Refused {
    try (InputStream in = exchange(method, path, body).body()) {
      byte[] answer = in.readNBytes(LONGEST_ANSWER + 1);
      if (answer.length > LONGEST_ANSWER) {
        throw new DriverException(
            Kind.REJECTED,
            endpoint.product()
                + " "
                + endpoint.where()
                + " answers "
                + path
                + " with more than "
                + (LONGEST_ANSWER >> 20)
                + " MiB");
      }
      return parse(path, answer);
    } catch (IOException e) {
      throw explain(doing(method, path), e);
    }
  }

  private String doing(String method, String path) {
    return doing.orElseGet(() -> request(method, path));
  }

  /** A call for messages, without what it asks for in particular. */
  public static String request(String method, String path) {
    return method + " " + path.replaceFirst("\\?.*$", "");
  }

  private Node parse(String path, byte[] answer) throws DriverException {
    if (answer.length == 0) {
      return new MapBuilder().build();
    }
    return JsonText.read(new SourceFile(path, answer))
        .valid()
        .orElseThrow(
            () ->
                new DriverException(
                    Kind.REJECTED,
                    endpoint.where()
                        + " answers "
                        + path
                        + " with something that is not JSON: is it a "
                        + endpoint.product()
                        + " server?"));
  }

  private record Answer(int status, InputStream body) {}

  /**
   * Asks for something to be there, by PUT.
   *
   * @return whether this call made it; false if it was there already
   */
  public boolean make(String path, Node body) throws DriverException, Refused {
    try {
      Answer answer = exchange("PUT", path, bytes(body));
      answer.body().close();
      return answer.status() == CREATED;
    } catch (IOException e) {
      throw explain(doing("PUT", path), e);
    }
  }

  /** An answer of any size; {@link #explain} knows what breaks it. */
  public InputStream open(String path) throws DriverException, Refused {
    try {
      return exchange("GET", path, null).body();
    } catch (IOException e) {
      throw explain(doing("GET", path), e);
    }
  }

  private Answer exchange(String method, String path, @Nullable BodyPublisher body)
      throws IOException, Refused, DriverException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint.base() + path))
            .timeout(patience)
            .header("Accept", "application/json, */*;q=0.1")
            .method(method, body == null ? BodyPublishers.noBody() : body);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (authorization.isPresent()) {
      request.header("Authorization", authorization.get().reveal());
    } else if (endpoint.user().isPresent()) {
      request.header("Authorization", "Basic " + login(endpoint.user().get()));
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      InputStream answer = new PatientStream(response.body(), patience);
      if (response.statusCode() / 100 == 2) {
        return new Answer(response.statusCode(), answer);
      }
      try (answer) {
        throw new Refused(response.statusCode(), complaint(answer));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, doing(method, path) + " was cancelled", e);
    }
  }

  private String complaint(InputStream answer) throws IOException {
    String text = new String(answer.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
    return scrubber().scrub(text.strip().replaceAll("\\s+", " "));
  }

  /** Takes our password out of text that came from the server. */
  public Scrubber scrubber() {
    return new Scrubber(endpoint.password().map(List::of).orElse(List.of()));
  }

  private String login(String user) {
    String password = endpoint.password().map(secret -> secret.reveal()).orElse("");
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** What the network did to this call. */
  public DriverException explain(String doing, IOException error) {
    return Unreachable.explain(doing, error, endpoint);
  }

  /** A list of maps; whatever else is in it is left out. */
  public List<MapNode> list(String path) throws DriverException, Refused {
    Node answer = get(path);
    if (!(answer instanceof ListNode list)) {
      return List.of();
    }
    return list.items().stream()
        .filter(MapNode.class::isInstance)
        .map(MapNode.class::cast)
        .toList();
  }
}
