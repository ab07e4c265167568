package io.keepset.drivers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.tls.Tls;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreachableTest {
  /** With an end, or with a reset. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatDiesInTheHandshakeIsNotTakenForAStranger(boolean reset) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread dying = new Thread(() -> hangUp(listener, reset), "dying-server");
      dying.start();
      Endpoint endpoint =
          new Endpoint(
              "RabbitMQ",
              "127.0.0.1",
              listener.getLocalPort(),
              Optional.empty(),
              Optional.empty(),
              new Tls(true, Optional.empty(), Optional.empty(), Optional.empty()),
              Duration.ofSeconds(30));

      DriverException e =
          catchThrowableOfType(
              DriverException.class, () -> new HttpApi(endpoint).get("api/overview"));

      assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.TRANSIENT);
      assertThat(e).hasMessageContaining("RabbitMQ 127.0.0.1");
    }
  }

  private static void hangUp(ServerSocket listener, boolean reset) {
    try {
      while (true) {
        try (Socket client = listener.accept()) {
          client.getInputStream().read();
          if (reset) {
            client.setSoLinger(true, 0);
          }
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }
}
