package io.keepset.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The plan after a commit that touches one file of a thousand: asked of a server that follows the
 * repository, from the request to the answer, beside the whole plan by a command that starts from
 * nothing. Each commit is applied before the next is made.
 */
final class FollowBench {
  private static final int FILES = 1_000;
  private static final int DATABASES_IN_A_FILE = 10;

  /** Until the compilers of the server have done their work; a server lives long. */
  private static final int WARM_UP = 40;

  private static final String TOKEN = "a-token-of-the-benchmark";

  private final Report report;
  private final Path work;
  private final Path home;
  private final int rounds;
  private final HttpClient http = HttpClient.newHttpClient();

  FollowBench(Report report, Path work, Path home, int rounds) {
    this.report = report;
    this.work = work;
    this.home = home;
    this.rounds = rounds;
  }

  void run() throws Exception {
    report.title("A plan after one file of 1,000 changed, on a server that follows the repository");
    Path repository = work.resolve("followed");
    ManyDatabases.write(repository, FILES, DATABASES_IN_A_FILE, work.resolve("store"));
    git(repository, "init", "-q", "-b", "main");
    commit(repository);
    Times cold = new Times();
    cold(repository); // builds and rehearses
    for (int i = 0; i < rounds; i++) {
      cold.measure(() -> cold(repository));
    }
    Times first = new Times();
    Times warm = new Times();
    int port = freePort();
    Process server = serve(repository, port);
    try {
      URI api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
      first.add(inForce(api, server, head(repository)));
      for (int round = 0; round < WARM_UP + rounds; round++) {
        int file = (round * 37) % FILES;
        ManyDatabases.team(repository, file, DATABASES_IN_A_FILE, "retention: {daily: 31}");
        commit(repository);
        Times times = round < WARM_UP ? new Times() : warm;
        times.measure(() -> planned(api, "db" + file * DATABASES_IN_A_FILE));
        post(api.resolve("refresh"));
        inForce(api, server, head(repository));
      }
    } finally {
      server.destroy();
      if (!server.waitFor(60, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
    report.times("plan 10,000 databases, cold command", cold, "");
    report.times("the server's first turn, 10,000 databases applied", first, "");
    report.times("plan after one changed file, on the server", warm, "");
    report.ratio("server / cold command", warm, cold, "wanted: 0.02 or less");
  }

  private void cold(Path repository) throws Exception {
    run("plan", repository, work.resolve("cold"), work.resolve("cold.log"));
  }

  private void run(String command, Path repository, Path data, Path log) throws Exception {
    Shell.run(
        Map.of("KEEPSET_NO_BUILD", "1"),
        log,
        home.resolve("keepset").toString(),
        command,
        "--git",
        repository.toString(),
        "--ref",
        "main",
        "--data",
        data.toString());
  }

  private Process serve(Path repository, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("keepset").toString(),
                "serve",
                "--git",
                repository.toString(),
                "--ref",
                "main",
                "--data",
                work.resolve("served").toString(),
                "--mode",
                "full",
                "--poll",
                "1h",
                "--port",
                String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("serve.log").toFile());
    builder.environment().put("KEEPSET_NO_BUILD", "1");
    builder.environment().put("KEEPSET_TOKEN", TOKEN);
    return builder.start();
  }

  private void planned(URI api, String database) throws Exception {
    HttpResponse<String> answer = get(api.resolve("plan/" + database));
    if (answer.statusCode() != 200 || !answer.body().contains("retention.daily")) {
      throw new IllegalStateException("no plan for " + database + ": " + answer.body());
    }
  }

  /** Waits until a commit is in force; answers how many seconds that took. */
  private double inForce(URI api, Process server, String commit) throws Exception {
    long start = System.nanoTime();
    Patience.until(
        commit + " in force",
        server,
        work.resolve("serve.log"),
        Duration.ofMillis(20),
        () -> isInForce(api, commit));
    return (System.nanoTime() - start) / 1e9;
  }

  private boolean isInForce(URI api, String commit) throws Exception {
    try {
      String status = get(api.resolve("status")).body();
      return status.contains(commit) && status.contains("in-force");
    } catch (ConnectException e) {
      return false; // It has only just started.
    }
  }

  private HttpResponse<String> get(URI address) throws Exception {
    return http.send(
        HttpRequest.newBuilder(address).header("Authorization", "Bearer " + TOKEN).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void post(URI address) throws Exception {
    http.send(
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void commit(Path repository) throws Exception {
    git(repository, "add", "-A");
    git(
        repository,
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@example.org",
        "commit",
        "-q",
        "-m",
        "change");
  }

  private String head(Path repository) throws Exception {
    git(repository, "rev-parse", "HEAD");
    return java.nio.file.Files.readString(work.resolve("git.log")).strip();
  }

  private void git(Path repository, String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    Shell.run(Map.of(), work.resolve("git.log"), command.toArray(String[]::new));
  }
}
