package io.keepset.drivers.engine.rabbitmq;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before the management of a real broker, and does to one request what it is told. */
final class RabbitProxy implements AutoCloseable {
  private final String broker;
  private final Hook hook;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** What happens on the way; by itself nothing. */
  interface Hook {
    /** Before the broker hears of it. */
    default void asked(String request) throws InterruptedException {}

    default int status(String request, int status) {
      return status;
    }

    default byte[] answer(String request, byte[] answer) {
      return answer;
    }
  }

  /**
   * @param broker {@code host:port}
   * @param hook hears of requests as {@code PUT /api/vhosts/shop}
   */
  RabbitProxy(String broker, Hook hook) throws IOException {
    this.broker = broker;
    this.hook = hook;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  /** A broker that says that it is of a version of which no package has one. */
  static RabbitProxy newer(String broker, String version) throws IOException {
    return new RabbitProxy(
        broker,
        new Hook() {
          @Override
          public byte[] answer(String request, byte[] answer) {
            return request.endsWith("/overview")
                ? new String(answer, StandardCharsets.UTF_8)
                    .replaceFirst(
                        "\"rabbitmq_version\":\"[^\"]*\"",
                        "\"rabbitmq_version\":\"" + version + "\"")
                    .getBytes(StandardCharsets.UTF_8)
                : answer;
          }
        });
  }

  /** Holds one request back. */
  static class Holding implements Hook {
    private final String held;
    private final AtomicInteger left;
    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /**
     * @param number which of those that are the same, from 1
     */
    Holding(String held, int number) {
      this.held = held;
      this.left = new AtomicInteger(number);
    }

    @Override
    public void asked(String request) throws InterruptedException {
      if (request.equals(held) && left.decrementAndGet() == 0) {
        there.countDown();
        Await.latch("leave for " + request, go);
      }
    }

    void awaitIt() throws InterruptedException {
      Await.latch(held, there);
    }

    void letGo() {
      go.countDown();
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** As the broker's own. */
  String name() {
    return "127.0.0.1:" + port();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      hook.asked(asked);
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
      byte[] answer = hook.answer(asked, response.body());
      int status = hook.status(asked, response.statusCode());
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
