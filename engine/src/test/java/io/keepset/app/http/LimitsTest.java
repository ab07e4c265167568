package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Role;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  private static RunningServer server;

  private final Memory memory = new Memory(1000 << 10, Duration.ZERO);
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whoAsksTooOftenWaitsAndNobodyElseDoes() {
    Throttle throttle = new Throttle(10, now::get, waited::addAndGet);

    for (int i = 0; i < 20; i++) {
      throttle.enter("ci").orElseThrow().close();
    }
    assertThat(waited).as("a burst of two seconds is free").hasValue(0);
    for (int i = 0; i < 5; i++) {
      throttle.enter("ci").orElseThrow().close();
    }
    assertThat(waited).hasValue(TimeUnit.MILLISECONDS.toNanos(100 + 200 + 300 + 400 + 500));

    waited.set(0);
    throttle.enter("other").orElseThrow().close();
    now.addAndGet(TimeUnit.MINUTES.toNanos(1));
    throttle.enter("ci").orElseThrow().close();
    assertThat(waited).hasValue(0);
  }

  @Test
  void onlyWhatExceedsThePlacesIsTurnedAway() {
    Throttle throttle = new Throttle(0, now::get, waited::addAndGet);
    List<Throttle.Turn> turns = new ArrayList<>();
    for (int i = 0; i < Throttle.AT_ONCE; i++) {
      turns.add(throttle.enter("ci").orElseThrow());
    }

    assertThat(throttle.enter("ci")).isEmpty();
    assertThat(throttle.enter("other")).isPresent();
    turns.get(0).close();
    assertThat(throttle.enter("ci")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "chunked"})
  void aBodyThatIsTooLargeIsRefusedByItsPath(String kind) {
    String body = "{\"name\": \"" + "x".repeat(2 << 20) + "\"}";

    assertThat(server.bodyAs(Role.ADMIN, "POST", "/api/v1/holds", body, kind.equals("chunked")))
        .isEqualTo(413);
    assertThat(server.bodyAs(Role.ADMIN, "POST", "/api/v1/apply", body, kind.equals("chunked")))
        .as("a plan may be as large, but this is none")
        .isEqualTo(400);
    assertThat(
            server.bodyAs(Role.ADMIN, "POST", "/terraform/state/x", body, kind.equals("chunked")))
        .as("no such section here")
        .isEqualTo(404);
  }

  @Test
  void aBodyThatDripsIsGivenUp() throws IOException {
    BoundedBody body = drip(new BodyLimit(1 << 20, false, 0));
    BoundedBody dump = drip(new BodyLimit(1 << 20, true, 0));

    for (int second = 0; second < 60; second++) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(1));
      assertThat(body.read()).isEqualTo('x');
    }
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));

    assertThatThrownBy(body::read).isInstanceOf(BoundedBody.TooSlow.class);
    assertThat(dump.read()).isEqualTo('x');
  }

  private BoundedBody drip(BodyLimit limit) {
    return new BoundedBody(new Endless(), limit, memory.share(), true, now::get);
  }

  @Test
  void bodiesTakeTurnsWhereTheMemoryIsNotEnoughForAll() {
    Memory.Share first = memory.share();
    first.take(600 * 1024);

    try (Memory.Share second = memory.share()) {
      second.take(400 * 1024);
      assertThatThrownBy(() -> memory.share().take(1024))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("try again")
          .extracting(e -> ((Problem) e).retryAfter())
          .isEqualTo("5");
    }
    first.close();

    Memory.Share alone = memory.share();
    alone.take(1L << 40);
    assertThatThrownBy(() -> memory.share().take(1)).isInstanceOf(Problem.class);
    alone.close();
    memory.share().take(1000 * 1024);
  }

  @Test
  void aBodyOfUnknownLengthTakesItsShareOnceItIsLarge() throws Exception {
    BodyLimit limit = new BodyLimit(1 << 20, false, 1);
    try (Memory.Share share = memory.share()) {
      BoundedBody body = new BoundedBody(new Endless(), limit, share, false, now::get);
      body.readNBytes(64 << 10);
      memory.share().take(0);
      try (Memory.Share other = memory.share()) {
        other.take(1000 * 1024);
        assertThatThrownBy(body::read).isInstanceOf(Problem.class);
      }
    }
  }

  @Test
  void aBodyThatNeverComesHoldsNoThread() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.setSoTimeout(120_000);
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/holds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                      + "Content-Type: application/json\r\nAuthorization: Bearer "
                      + RunningServer.TOKEN
                      + "\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 408").contains("application/problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/databases/..%2f HTTP/1.1",
        "GET /api/v1/databases/%zz HTTP/1.1",
        "GET /api/v1/databases/a%5cb HTTP/1.1",
        "GET /terraform/state/a%2fb HTTP/1.1",
        "GET /console%2f HTTP/1.1",
        "GET /../../etc/passwd HTTP/1.1",
        "GET /api/v1/databases/{x} HTTP/1.1",
        "GET /api/v1/status?a=<b> HTTP/1.1",
        "GET /api/v1/status%00 HTTP/1.1",
        "BAD METHOD /api/v1/status HTTP/1.1",
        "GET /api/v1/status HTTP/9.9",
        "PROPFIND / HTTP/1.1",
        "TRACE / HTTP/1.1",
        "POST / HTTP/1.1",
        "GET /favicon.ico HTTP/1.1",
        "GET /error HTTP/1.1",
        "GET /actuator HTTP/1.1",
      })
  void whatTheContainerRefusesIsAProblemDocumentToo(String line) {
    for (boolean known : new boolean[] {true, false}) {
      String answer = raw(line, known);

      int status = Integer.parseInt(answer.substring(9, 12));
      assertThat(status).as(answer).isBetween(400, 599);
      assertThat(answer)
          .as(answer)
          .doesNotContainIgnoringCase("<html")
          .doesNotContain("Tomcat")
          .doesNotContain("Exception");
      if (answer.length() > answer.indexOf("\r\n\r\n") + 4) {
        assertThat(answer).contains("application/problem+json", "urn:keepset:problem:");
      }
    }
  }

  private static String raw(String line, boolean known) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      String token = known ? "Authorization: Bearer " + RunningServer.TOKEN + "\r\n" : "";
      socket
          .getOutputStream()
          .write(
              (line
                      + "\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
                      + token
                      + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A body of which there is always more. */
  private static final class Endless extends ServletInputStream {
    @Override
    public int read() {
      return 'x';
    }

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
