package io.keepset.drivers.engine.rabbitmq;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real broker that says that it is of a version of which no package has one. */
final class NewerRabbit implements AutoCloseable {
  private final String broker;
  private final String version;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  NewerRabbit(String broker, String version) throws IOException {
    this.broker = broker;
    this.version = version;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + broker + exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      for (String header : List.of("Authorization", "Content-Type")) {
        exchange.getRequestHeaders().getOrDefault(header, List.of()).stream()
            .findFirst()
            .ifPresent(value -> request.header(header, value));
      }
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      byte[] answer = response.body();
      if (exchange.getRequestURI().getPath().endsWith("/overview")) {
        answer =
            new String(answer, StandardCharsets.UTF_8)
                .replaceFirst(
                    "\"rabbitmq_version\":\"[^\"]*\"", "\"rabbitmq_version\":\"" + version + "\"")
                .getBytes(StandardCharsets.UTF_8);
      }
      exchange.sendResponseHeaders(response.statusCode(), answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
