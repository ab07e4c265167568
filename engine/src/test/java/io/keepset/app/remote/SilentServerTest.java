package io.keepset.app.remote;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that takes calls and falls silent keeps nobody waiting for ever. */
class SilentServerTest {
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration NEVER = Duration.ofHours(1);

  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void hangUp() throws IOException {
    listener.close();
  }

  @Test
  void oneThatNeverAnswers() {
    serve("");

    assertThatThrownBy(() -> server(SOON, NEVER).get("status"))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("what it was doing there goes on");
  }

  @Test
  void oneThatBreaksOffInTheMiddleOfALongCall() {
    serve(
        "HTTP/1.1 200 OK\r\nContent-Type: application/jsonl\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "1\r\n\n\r\n");

    assertThatThrownBy(() -> server(NEVER, SOON).call("x", null, Progress.NONE))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("no answer in time");
  }

  @Test
  void oneThatBreaksOffInTheMiddleOfADownload() {
    serve("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");

    assertThatThrownBy(
            () ->
                new RemoteBackups(server(SOON, NEVER))
                    .download("orders-1", new ByteArrayOutputStream(), Progress.NONE))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("what was written is not a backup");
  }

  private RemoteServer server(Duration answer, Duration beat) {
    return new RemoteServer(
        URI.create("http://127.0.0.1:" + listener.getLocalPort()),
        "token",
        Optional.empty(),
        new RemoteServer.Patience(answer, beat));
  }

  /** Says this to the first who calls, and then nothing more until the test is over. */
  private void serve(String beginning) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket caller = listener.accept()) {
                caller.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                while (caller.getInputStream().read() >= 0) {
                  // What it asks for does not matter.
                }
              } catch (IOException e) {
                if (!listener.isClosed()) {
                  throw new UncheckedIOException(e);
                }
              }
            },
            "silent server");
    thread.setDaemon(true);
    thread.start();
  }
}
