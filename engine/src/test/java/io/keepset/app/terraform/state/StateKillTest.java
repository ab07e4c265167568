package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.Main;
import io.keepset.app.terraform.ServedKeepset;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.app.terraform.TerraformBinary.Running;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL to a server, a process of its own, while a state is written to it. */
@Timeout(600)
class StateKillTest {
  private static final Pattern ADDRESS = Pattern.compile("keepset serves at (\\S+)");
  private static final Pattern NUMBER = Pattern.compile("\"version\": (\\d+)");
  private static final String LOCK = "{\"ID\":\"the-lock\",\"Who\":\"me@here\"}";

  @TempDir private Path home;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger starts = new AtomicInteger();

  /** What was sent, by serial. */
  private final Map<Integer, byte[]> sent = new TreeMap<>();

  private int acknowledged;

  private final class Server implements AutoCloseable {
    private final Process process;
    private final URI address;

    /**
     * @param port 0 for any
     */
    Server(int port) throws Exception {
      Path said = home.resolve("said-" + starts.incrementAndGet());
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "serve",
              "--port",
              Integer.toString(port),
              "--data",
              home.resolve("data").toString(),
              "--policies",
              Files.createDirectories(home.resolve("policies")).toString());
      builder.environment().put("KEEPSET_TOKEN", ServedKeepset.TOKEN);
      process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try {
        address = await(said);
      } catch (Exception | AssertionError e) {
        kill();
        throw e;
      }
    }

    private URI await(Path said) throws InterruptedException {
      return Await.present(
          "the server's address",
          () -> {
            assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
            return ADDRESS
                .matcher(Files.readString(said))
                .results()
                .findFirst()
                .map(line -> URI.create(line.group(1)));
          },
          () -> Files.readString(said));
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body)
        throws IOException, InterruptedException {
      return client.send(request(method, path, body), BodyHandlers.ofByteArray());
    }

    HttpRequest request(String method, String path, byte[] body) {
      return HttpRequest.newBuilder(address.resolve(path))
          .header("Authorization", "Bearer " + ServedKeepset.TOKEN)
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofByteArray(body))
          .build();
    }

    /** SIGKILL. */
    void kill() {
      process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
      kill();
    }
  }

  @Test
  void aKilledServerHasTheWholeStateAndTheLock() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 3; round++) {
      try (Server server = new Server(0)) {
        assertThat(server.send("LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)).statusCode())
            .isEqualTo(200);
        writeUntilKilled(server, Duration.ofMillis(300 + random.nextInt(1500)));
      }
    }
    try (Server server = new Server(0)) {
      assertInOrder(server);
    }
  }

  @Test
  void aRunGoesOnWhenItsServerWasKilledAndCameBack() throws Exception {
    TerraformBinary terraform = TerraformBinary.in(home.resolve("run"));
    terraform.write(
        "main.tf",
        """
        terraform {
          backend "http" {}
        }
        resource "terraform_data" "slow" {
          input = "done at last"
          provisioner "local-exec" {
            command = "touch begun; while ! test -e go; do sleep 0.05; done"
          }
        }
        """);
    URI address;
    Running apply;
    try (Server server = new Server(0)) {
      address = server.address;
      String url = address.resolve("/terraform/state/prod").toString();
      terraform
          .with("TF_HTTP_ADDRESS", url)
          .with("TF_HTTP_LOCK_ADDRESS", url)
          .with("TF_HTTP_UNLOCK_ADDRESS", url)
          .with("TF_HTTP_USERNAME", "ci")
          .with("TF_HTTP_PASSWORD", ServedKeepset.TOKEN);
      terraform.succeed("init");
      apply = terraform.start("apply", "-auto-approve");
      apply.awaitFile("begun");
    }
    try (apply;
        Server server = new Server(address.getPort())) {
      assertThat(server.send("LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)).statusCode())
          .isEqualTo(423);
      Files.createFile(terraform.directory().resolve("go"));
      assertThat(apply.await().code()).as(apply.said()).isZero();
      assertThat(terraform.run("plan", "-detailed-exitcode").code()).isZero();
    }
  }

  /** One write after the other, of contents that don't compress, and a kill in the midst of it. */
  private void writeUntilKilled(Server server, Duration after) throws Exception {
    int serial = sent.size();
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> kill =
        CompletableFuture.runAsync(
            () -> {
              awaitQuietly(begun);
              LockSupport.parkNanos(after.toNanos());
              server.kill();
            });
    try {
      while (true) {
        serial++;
        sent.put(serial, content(serial));
        HttpResponse<byte[]> answer =
            client
                .sendAsync(
                    server.request("POST", "/terraform/state/prod?ID=the-lock", sent.get(serial)),
                    BodyHandlers.ofByteArray())
                .join();
        assertThat(answer.statusCode()).isEqualTo(200);
        acknowledged = serial;
        begun.countDown();
      }
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class); // the connection broke
    }
    kill.join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] content(int serial) {
    byte[] noise = new byte[1_500_000];
    new Random(serial).nextBytes(noise);
    return ("{\"version\": 4, \"serial\": "
            + serial
            + ", \"lineage\": \"one\", \"noise\": \""
            + Base64.getEncoder().encodeToString(noise)
            + "\"}")
        .getBytes(UTF_8);
  }

  private void assertInOrder(Server server) throws Exception {
    assertThat(acknowledged).isPositive();
    byte[] newest = server.send("GET", "/terraform/state/prod", new byte[0]).body();
    // What was in flight may have arrived; what was acknowledged has.
    assertThat(newest)
        .satisfiesAnyOf(
            b -> assertThat(b).isEqualTo(sent.get(acknowledged)),
            b -> assertThat(b).isEqualTo(sent.get(acknowledged + 1)));
    String other = LOCK.replace("the-lock", "other");
    assertThat(server.send("LOCK", "/terraform/state/prod", other.getBytes(UTF_8)).statusCode())
        .isEqualTo(423);
    assertThat(server.send("LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    String versions = "/api/v1/terraform/states/prod/versions";
    Matcher number =
        NUMBER.matcher(new String(server.send("GET", versions, new byte[0]).body(), UTF_8));
    List<byte[]> all = new ArrayList<>(sent.values());
    int kept = 0;
    while (number.find()) {
      byte[] version = server.send("GET", versions + "/" + number.group(1), new byte[0]).body();
      assertThat(all).anySatisfy(one -> assertThat(version).isEqualTo(one));
      kept++;
    }
    assertThat(kept).isGreaterThan(2);
  }
}
