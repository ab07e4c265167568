package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.PolicyLocation;
import io.keepset.app.git.GitHttpServer;
import io.keepset.app.git.GitSettings;
import io.keepset.app.remote.ServerFile;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL of a server that is just writing an object. */
@Timeout(300)
class KilledWriterTest {
  @TempDir private Path root;
  private WritingLab lab;
  private GitHttpServer remote;
  private Process victim;

  @BeforeEach
  void start() throws Exception {
    lab = WritingLab.in(root.toRealPath());
    lab.people.run("--git-dir", lab.bare.toString(), "config", "http.receivepack", "true");
    remote = new GitHttpServer(lab.root, "git", "a-token-for-git");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.keepset.app.Main",
                    "serve",
                    "--git",
                    remote.url("policies.git"),
                    "--ref",
                    "main",
                    "--data",
                    lab.data().toString(),
                    "--port",
                    "0",
                    "--poll",
                    "1h"))
            .redirectErrorStream(true)
            .redirectOutput(lab.root.resolve("victim.log").toFile())
            .directory(lab.root.toFile());
    builder.environment().put("KEEPSET_TOKEN", WritingLab.TOKEN);
    builder.environment().put("KEEPSET_GIT_TOKEN", "a-token-for-git");
    victim = builder.start();
  }

  @AfterEach
  void stop() throws Exception {
    victim.destroyForcibly().waitFor();
    lab.close();
    remote.close();
  }

  /** Stops a push at one of its moments until the server is dead. */
  private static final class Stop implements GitHttpServer.Tap {
    final CountDownLatch here = new CountDownLatch(1);
    final CountDownLatch dead = new CountDownLatch(1);
    private final boolean before;

    Stop(boolean before) {
      this.before = before;
    }

    @Override
    public void before(String request) throws IOException {
      if (before && request.contains("git-receive-pack")) {
        await();
      }
    }

    @Override
    public void after(String request) throws IOException {
      if (!before && request.startsWith("POST") && request.contains("git-receive-pack")) {
        await();
      }
    }

    private void await() throws IOException {
      here.countDown();
      try {
        Await.latch("the death of whoever asked", dead);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("whoever asked is dead");
    }
  }

  @ParameterizedTest(name = "before the push: {0}")
  @ValueSource(booleans = {true, false})
  void nothingIsLostOrHalfWritten(boolean before) throws Exception {
    URI address = address();
    Stop stop = new Stop(before);
    remote.tap(stop);
    HttpClient client = HttpClient.newHttpClient();
    String[] conditions = {"If-None-Match", "*", "Idempotency-Key", "run-1"};
    var answer =
        client.sendAsync(
            HttpRequest.newBuilder(address.resolve(WritingLab.OBJECTS + "database/orders"))
                .header("Authorization", "Bearer " + WritingLab.TOKEN)
                .headers(conditions)
                .PUT(HttpRequest.BodyPublishers.ofString(lab.database("orders", 9)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(stop.here.await(120, TimeUnit.SECONDS))
        .as(() -> log() + (answer.isDone() ? answer.join().body() : ""))
        .isTrue();

    victim.destroyForcibly().waitFor();
    stop.dead.countDown();

    assertThat(answer.handle((reply, error) -> error).get()).isNotNull();
    assertThat(lab.commits("main")).isEqualTo(before ? 1 : 2);
    remote.tap(new GitHttpServer.Tap() {});
    lab.serve(
        new PolicyLocation.Repository(
            GitSettings.of(remote.url("policies.git"), "main").withToken("git", "env:GIT_TOKEN")),
        Map.of("GIT_TOKEN", "a-token-for-git"));
    assertThat(lab.get("database/orders").statusCode()).isEqualTo(before ? 404 : 200);
    HttpResponse<String> again = lab.put("database/orders", lab.database("orders", 9), conditions);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(before ? 201 : 200);
    assertThat(lab.commits("main")).isEqualTo(2);
    assertThat(lab.get("database/orders").body()).isEqualTo(lab.database("orders", 9));
    try (Stream<Path> copies = Files.list(lab.data().resolve("git"))) {
      for (Path copy : copies.toList()) {
        lab.people.run("--git-dir", copy.toString(), "fsck", "--strict", "--no-dangling");
      }
    }
  }

  /** The server has to claim the directory before it can be waited for. */
  private URI address() throws Exception {
    return Await.present(
        "the server's address",
        () -> {
          assertThat(victim.isAlive()).as(this::log).isTrue();
          return ServerFile.await(lab.data(), Await.PATIENCE).map(ServerFile.Address::url);
        },
        this::log);
  }

  private String log() {
    try {
      return Files.readString(lab.root.resolve("victim.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
