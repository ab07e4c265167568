package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.Main;
import io.keepset.app.terraform.ServedKeepset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers send at once does not end a server with the heap that it has by default. */
@Timeout(900)
class SmallHeapTest {
  private static final Pattern ADDRESS = Pattern.compile("keepset serves at (\\S+)");
  private static final int CALLERS = 8;
  private static final int MEBI = 1 << 20;

  /** The deepest trouble that fits into the most bytes: many small values, and one large. */
  private static final int VALUES = 700_000;

  @TempDir static Path home;
  private static Process process;
  private static URI address;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    Path said = home.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "serve",
            "--port",
            "0",
            "--data",
            home.resolve("data").toString(),
            "--policies",
            Files.createDirectories(home.resolve("policies")).toString());
    builder.environment().put("KEEPSET_TOKEN", ServedKeepset.TOKEN);
    process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    address = await(said);
  }

  private static URI await(Path said) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(180).toNanos();
    while (true) {
      Matcher line = ADDRESS.matcher(Files.readString(said));
      if (line.find()) {
        return URI.create(line.group(1));
      }
      assertThat(process.isAlive() && System.nanoTime() < end).as(Files.readString(said)).isTrue();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  @AfterAll
  static void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Test
  void eightCallersWithTheWorstBodiesGetAnswers() throws Exception {
    assertThat(atOnce(i -> post("/terraform/v1/plan", worst()))).allMatch(status -> status >= 400);
    assertThat(get("/api/v1/status").statusCode()).isEqualTo(200);
  }

  @Test
  void eightStatesOfTheLargestSizeAreKeptAndGivenBack() throws Exception {
    assertThat(atOnce(i -> post("/terraform/state/large" + i, state())))
        .allMatch(status -> status == 200);
    assertThat(
            atOnce(
                i ->
                    client.sendAsync(
                        request("/terraform/state/large" + i).build(), BodyHandlers.discarding())))
        .allMatch(status -> status == 200);
    assertThat(process.isAlive()).isTrue();
  }

  private List<Integer> atOnce(IntFunction<CompletableFuture<HttpResponse<Void>>> request) {
    List<CompletableFuture<HttpResponse<Void>>> sent = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      sent.add(request.apply(i));
    }
    return sent.stream().map(answer -> answer.join().statusCode()).toList();
  }

  private CompletableFuture<HttpResponse<Void>> post(String path, BodyPublisher body) {
    return client.sendAsync(request(path).POST(body).build(), BodyHandlers.discarding());
  }

  private HttpResponse<Void> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.discarding());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .header("Authorization", "Bearer " + ServedKeepset.TOKEN);
  }

  private static BodyPublisher worst() {
    String values = "{\"\":0},".repeat(VALUES);
    String begin = "{\"format_version\":\"1.2\",\"a\":[" + values + "0],\"b\":\"";
    return filled(begin, "\"}", 47 * MEBI);
  }

  private static BodyPublisher state() {
    return filled("{\"version\":4,\"serial\":1,\"lineage\":\"l\",\"v\":\"", "\"}", 64 * MEBI);
  }

  /** Made while it is sent: the test has no more memory than the server. */
  private static BodyPublisher filled(String begin, String end, int length) {
    byte[] first = begin.getBytes(StandardCharsets.US_ASCII);
    byte[] last = end.getBytes(StandardCharsets.US_ASCII);
    int left = length - first.length - last.length;
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(
            () ->
                new SequenceInputStream(
                    Collections.enumeration(
                        List.<InputStream>of(
                            new ByteArrayInputStream(first),
                            new Filler(left),
                            new ByteArrayInputStream(last))))),
        length);
  }

  private static final class Filler extends InputStream {
    private int left;

    Filler(int left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = Math.min(left, length);
      java.util.Arrays.fill(into, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
