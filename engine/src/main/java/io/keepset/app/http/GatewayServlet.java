package io.keepset.app.http;

import io.keepset.app.remote.ServerAddress;
import io.keepset.drivers.http.PatientStream;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands requests of Terraform to an engine elsewhere, as they are: any method, bodies and answers
 * in pieces as they come. The engine knows the tokens, so it decides who may do what.
 *
 * <p>When the engine can't be asked, the answer is 502 or 504, which Terraform's backend tries
 * again. Only for what {@code data "http"} reads it is 424: there a status of 500 and more ends the
 * run, and the reason is lost.
 */
final class GatewayServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Between one neighbour and the next; the client library makes its own. */
  private static final Set<String> OF_THE_LINE =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A plan of everything takes seconds; who takes longer than this has gone. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  /** An engine that is started anew is back by then. */
  private static final int TRIES = 20;

  private static final long PAUSE_NANOS = 500_000_000L;

  private final transient URI engine;
  private final transient Optional<String> token;
  private final transient HttpClient client;

  GatewayServlet(Gateway.Engine engine) {
    this.engine = engine.address();
    this.token = engine.token();
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    engine.trusted().ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (Access.isCrooked(request.getRequestURI())) {
      TokenFilter.answer(
          Problem.badRequest("the path has dots that climb, or a separator in disguise"), response);
      return;
    }
    HttpResponse<InputStream> answer;
    try {
      answer = send(request);
    } catch (HttpTimeoutException e) {
      unreachable(request, response, 504, "did not answer in time");
      return;
    } catch (IOException e) {
      unreachable(request, response, 502, "can't be reached");
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      unreachable(request, response, 502, "was not waited for, because the gateway stops");
      return;
    } catch (IllegalArgumentException e) {
      TokenFilter.answer(Problem.badRequest("the request is not one that HTTP allows"), response);
      return;
    }
    response.setStatus(answer.statusCode());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OF_THE_LINE.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> response.addHeader(name, value));
              }
            });
    answer.headers().firstValueAsLong("Content-Length").ifPresent(response::setContentLengthLong);
    // An answer that breaks off there breaks off here: the exception closes the connection.
    try (InputStream body = new PatientStream(answer.body(), ANSWER)) {
      body.transferTo(response.getOutputStream());
    }
  }

  private HttpResponse<InputStream> send(HttpServletRequest request)
      throws IOException, InterruptedException {
    boolean hasBody =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    HttpRequest forwarded = forwarded(request, hasBody);
    for (int tries = 1; ; tries++) {
      try {
        return client.send(forwarded, HttpResponse.BodyHandlers.ofInputStream());
      } catch (ConnectException e) {
        // Nothing was sent, so nothing was done; but a body can be read once only.
        if (hasBody || tries == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private HttpRequest forwarded(HttpServletRequest request, boolean hasBody) throws IOException {
    String query = request.getQueryString();
    HttpRequest.Builder to =
        HttpRequest.newBuilder(
                URI.create(
                    engine
                        + request.getRequestURI().substring(1)
                        + (query == null ? "" : "?" + query)))
            .timeout(ANSWER)
            .method(request.getMethod(), body(request, hasBody));
    for (String name : Collections.list(request.getHeaderNames())) {
      if (!OF_THE_LINE.contains(name.toLowerCase(Locale.ROOT))) {
        Collections.list(request.getHeaders(name)).forEach(value -> to.header(name, value));
      }
    }
    if (request.getHeader("Authorization") == null) {
      token.ifPresent(secret -> to.header("Authorization", "Bearer " + secret));
    }
    return to.build();
  }

  private static BodyPublisher body(HttpServletRequest request, boolean hasBody)
      throws IOException {
    if (!hasBody) {
      return BodyPublishers.noBody();
    }
    InputStream body = request.getInputStream();
    BodyPublisher pieces = BodyPublishers.ofInputStream(() -> body);
    long length = request.getContentLengthLong();
    return length > 0 ? BodyPublishers.fromPublisher(pieces, length) : pieces;
  }

  private void unreachable(
      HttpServletRequest request, HttpServletResponse response, int status, String what)
      throws IOException {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("POST");
    boolean data = reads && request.getRequestURI().startsWith("/terraform/v1/");
    int said = data ? 424 : status;
    String detail = "the engine behind this gateway " + what;
    getServletContext().log(detail + ": " + engine);
    response.setStatus(said);
    response.setContentType("application/problem+json");
    response.setHeader("Connection", "close");
    response
        .getOutputStream()
        .write(
            JsonText.write(
                    new MapBuilder()
                        .put("type", "urn:keepset:problem:transient")
                        .put("status", said)
                        .put("detail", detail)
                        .put("ok", false)
                        .build())
                .getBytes(StandardCharsets.UTF_8));
  }

  /** Whether an address can be an engine's. */
  static URI base(URI address) throws DriverException {
    ServerAddress.check(address);
    String text = address.toString();
    return URI.create(text.endsWith("/") ? text : text + "/");
  }
}
