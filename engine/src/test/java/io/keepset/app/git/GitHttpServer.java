package io.keepset.app.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves bare repositories below a folder by the real {@code git http-backend}. */
public final class GitHttpServer implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Path root;
  private final String authorization;
  private int requests;
  private volatile Tap tap = new Tap() {};

  /** Hears of each request; one that it throws at is never answered. */
  public interface Tap {
    /**
     * Before git is asked.
     *
     * @param request method, path and query
     */
    default void before(String request) throws IOException {}

    /** After git has done it, before the answer is sent. */
    default void after(String request) throws IOException {}
  }

  public GitHttpServer(Path root, String user, String token) throws IOException {
    this.root = root;
    String both = user + ":" + token;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url(String repository) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
  }

  public synchronized int requests() {
    return requests;
  }

  public void tap(Tap newTap) {
    tap = newTap;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      synchronized (this) {
        requests++;
      }
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      tap.before(request);
      byte[] answer = backend(exchange);
      tap.after(request);
      answer(exchange, answer);
    }
  }

  private byte[] backend(HttpExchange exchange) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    String query = exchange.getRequestURI().getQuery();
    environment.put("QUERY_STRING", query == null ? "" : query);
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    header(exchange, "Content-Type", "CONTENT_TYPE", environment);
    header(exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING", environment);
    header(exchange, "Git-Protocol", "GIT_PROTOCOL", environment);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream in = process.getOutputStream()) {
      exchange.getRequestBody().transferTo(in);
    }
    return process.getInputStream().readAllBytes();
  }

  private static void header(
      HttpExchange exchange, String name, String variable, Map<String, String> environment) {
    String value = exchange.getRequestHeaders().getFirst(name);
    if (value != null) {
      environment.put(variable, value);
    }
  }

  private static void answer(HttpExchange exchange, byte[] cgi) throws IOException {
    int status = 200;
    int from = 0;
    while (true) {
      int end = from;
      while (cgi[end] != '\n') {
        end++;
      }
      String line = new String(cgi, from, end - from, StandardCharsets.ISO_8859_1).strip();
      from = end + 1;
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      if (line.startsWith("Status:")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().set(line.substring(0, colon), value);
      }
    }
    exchange.sendResponseHeaders(status, cgi.length == from ? -1 : cgi.length - from);
    exchange.getResponseBody().write(cgi, from, cgi.length - from);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
