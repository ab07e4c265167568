package io.keepset.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Terraform asks of a server with 10,000 databases, beside a plain nginx that serves the same
 * bytes as files to the same client: answers a second, and how long the slowest of a hundred took.
 */
final class ShimBench {
  private static final int FILES = 1_000;
  private static final int DATABASES_IN_A_FILE = 10;
  private static final int CALLERS = 4;
  private static final long SECONDS = 3;
  private static final String TOKEN = "a-token-of-the-benchmark";
  private static final int STATE_BYTES = 100_000;

  private final Report report;
  private final Path work;
  private final Path home;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ShimBench(Report report, Path work, Path home) {
    this.report = report;
    this.work = work;
    this.home = home;
  }

  void run() throws Exception {
    report.title("The Terraform shim, 10,000 databases, " + CALLERS + " callers at once");
    Path policies =
        ManyDatabases.write(
            work.resolve("shim"), FILES, DATABASES_IN_A_FILE, work.resolve("store"));
    int port = freePort();
    Process server = serve(policies, port);
    try {
      URI root = URI.create("http://127.0.0.1:" + port + "/");
      inForce(root, server);
      Map<String, HttpRequest> questions = questions(root);
      Map<String, Pace> ours = new LinkedHashMap<>();
      for (Map.Entry<String, HttpRequest> question : questions.entrySet()) {
        ours.put(question.getKey(), pace(question.getValue()));
      }
      Map<String, Pace> theirs = nginx(questions);
      ours.forEach((name, pace) -> print(name, pace, theirs.get(name)));
    } finally {
      server.destroy();
      if (!server.waitFor(60, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  private Map<String, HttpRequest> questions(URI root) throws Exception {
    Map<String, HttpRequest> questions = new LinkedHashMap<>();
    URI state = root.resolve("terraform/state/bench");
    byte[] content = state();
    questions.put("POST state, 100 kB", request(state).POST(body(content)).build());
    answer(questions.get("POST state, 100 kB"));
    questions.put("GET state, 100 kB", request(state).build());
    for (String path :
        List.of(
            "v1/databases/db4711",
            "v1/databases/db4711/backups/latest",
            "v1/coverage",
            "v1/status",
            "v1/drift",
            "outputs")) {
      questions.put("GET " + path, request(root.resolve("terraform/" + path)).build());
    }
    return questions;
  }

  /** As Terraform writes one, of incompressible values. */
  private static byte[] state() {
    StringBuilder text =
        new StringBuilder("{\"version\":4,\"serial\":1,\"lineage\":\"b\",\"v\":\"");
    java.util.Random random = new java.util.Random(1);
    while (text.length() < STATE_BYTES) {
      text.append(Long.toHexString(random.nextLong()));
    }
    return text.append("\"}").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static HttpRequest.BodyPublisher body(byte[] content) {
    return HttpRequest.BodyPublishers.ofByteArray(content);
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + TOKEN);
  }

  private byte[] answer(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          request.uri()
              + " answered "
              + answer.statusCode()
              + ": "
              + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body();
  }

  /** How fast something answers. */
  private record Pace(double aSecond, double median, double slow) {}

  /** Warm after as long as it is measured. */
  private Pace pace(HttpRequest request) throws Exception {
    burst(request);
    return burst(request);
  }

  private Pace burst(HttpRequest request) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    long start = System.nanoTime();
    try {
      List<Future<List<Double>>> bursts = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        bursts.add(callers.submit(() -> call(request, start)));
      }
      List<Double> all = new ArrayList<>();
      for (Future<List<Double>> burst : bursts) {
        all.addAll(burst.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return new Pace(
          sorted.length / seconds,
          sorted[sorted.length / 2],
          sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
    } finally {
      callers.shutdownNow();
    }
  }

  private List<Double> call(HttpRequest request, long start) throws Exception {
    List<Double> times = new ArrayList<>();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
      long begin = System.nanoTime();
      answer(request);
      times.add((System.nanoTime() - begin) / 1e6);
    }
    return times;
  }

  /** The same bytes as files; what is written can't be asked of it. */
  private Map<String, Pace> nginx(Map<String, HttpRequest> questions) throws Exception {
    Map<String, Pace> paces = new LinkedHashMap<>();
    if (!Shell.has("nginx") && !Files.isExecutable(Path.of("/usr/sbin/nginx"))) {
      report.skipped("nginx", "it is not installed (nginx-light)");
      return paces;
    }
    Path folder = Files.createDirectories(work.resolve("nginx"));
    int port = freePort();
    Map<String, URI> files = new LinkedHashMap<>();
    for (Map.Entry<String, HttpRequest> question : questions.entrySet()) {
      if (question.getValue().method().equals("GET")) {
        String file = files.size() + ".json";
        Files.write(folder.resolve(file), answer(question.getValue()));
        files.put(question.getKey(), URI.create("http://127.0.0.1:" + port + "/" + file));
      }
    }
    Path settings = folder.resolve("nginx.conf");
    Files.writeString(
        settings,
        """
        daemon off; pid %1$s/pid; error_log %1$s/error.log; worker_processes 2;
        events { worker_connections 256; }
        http {
          access_log off; keepalive_requests 1000000; sendfile on; root %1$s;
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          server { listen 127.0.0.1:%2$d; }
        }
        """
            .formatted(folder, port));
    // As root the workers are somebody else, who must be able to read.
    List<String> command = new ArrayList<>(List.of("/usr/sbin/nginx", "-p", folder.toString()));
    command.addAll(List.of("-c", settings.toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-g", "user root;"));
    }
    Process nginx =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      for (Map.Entry<String, URI> file : files.entrySet()) {
        HttpRequest request = request(file.getValue()).build();
        reachable(request, nginx, folder.resolve("log"));
        paces.put(file.getKey(), pace(request));
      }
    } finally {
      nginx.destroy();
      nginx.waitFor(10, TimeUnit.SECONDS);
    }
    return paces;
  }

  private void reachable(HttpRequest request, Process process, Path log) throws Exception {
    Patience.until(
        "nginx",
        process,
        log,
        Duration.ofMillis(50),
        () -> {
          try {
            answer(request);
            return true;
          } catch (ConnectException e) {
            return false;
          }
        });
  }

  private void print(String name, Pace ours, @Nullable Pace theirs) {
    report.line(
        name,
        words(ours),
        theirs == null
            ? ""
            : String.format(
                Locale.ROOT,
                "nginx %s; %.2f of its answers a second",
                words(theirs),
                ours.aSecond() / theirs.aSecond()));
  }

  private static String words(Pace pace) {
    return String.format(
        Locale.ROOT, "%.0f/s, p50 %.1f, p99 %.1f ms", pace.aSecond(), pace.median(), pace.slow());
  }

  private Process serve(Path policies, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("keepset").toString(),
                "serve",
                "--policies",
                policies.toString(),
                "--data",
                work.resolve("shim-data").toString(),
                "--mode",
                "full",
                "--poll",
                "1h",
                "--rate",
                "0",
                "--port",
                String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("shim.log").toFile());
    builder.environment().put("KEEPSET_NO_BUILD", "1");
    builder.environment().put("KEEPSET_TOKEN", TOKEN);
    return builder.start();
  }

  private void inForce(URI root, Process server) throws Exception {
    HttpRequest status = request(root.resolve("api/v1/status")).build();
    Patience.until(
        "policies in force",
        server,
        work.resolve("shim.log"),
        Duration.ofMillis(100),
        () -> {
          try {
            return new String(answer(status), StandardCharsets.UTF_8).contains("in-force");
          } catch (ConnectException | IllegalStateException e) {
            return false; // It has only just started, and knows no tokens yet.
          }
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
