package io.keepset.drivers.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

class PatientUploadsTest {
  /** More than the kernel takes for a peer that reads nothing. */
  private static final int MUCH = 64 << 20;

  private static final Duration FOR_EVER = Duration.ofMinutes(5);
  private final byte[] body = new byte[MUCH];

  @Test
  void aServiceThatTakesNothingAnyMoreEndsTheUploadAfterTheLimit() throws Exception {
    try (ServerSocket frozen = frozen();
        SdkHttpClient client = client()) {
      AtomicLong read = new AtomicLong();
      assertTimeoutPreemptively(
          FOR_EVER,
          () ->
              assertThatThrownBy(() -> put(client, address(frozen), counting(read)))
                  .isInstanceOf(SocketTimeoutException.class)
                  .hasMessageContaining("nothing was taken for 1 s"));
      try (Socket late = frozen.accept()) {
        late.setSoTimeout(10_000);
        long taken = rest(late.getInputStream());
        assertThat(taken).as("a service that wakes up gets no whole body").isLessThan(MUCH);
      }
      assertThat(read.get()).isLessThan(MUCH);
    }
  }

  @Test
  void whoIsCancelledDoesNotWaitForTheService() throws Exception {
    try (ServerSocket frozen = frozen();
        SdkHttpClient client = client()) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicLong read = new AtomicLong();
      Thread upload =
          new Thread(
              () -> {
                try {
                  put(client, address(frozen), counting(read));
                } catch (Exception e) {
                  failure.set(e);
                }
              });
      upload.start();
      io.keepset.testing.Await.until("it writes", () -> read.get() > 0, () -> "");
      upload.interrupt();
      upload.join(FOR_EVER.toMillis());
      assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void whatAServiceTakesArrivesWhole() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicLong arrived = new AtomicLong();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            arrived.set(rest(exchange.getRequestBody()));
            exchange.sendResponseHeaders(201, -1);
          }
        });
    server.start();
    try (SdkHttpClient client = client()) {
      URI there = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x");
      HttpExecuteResponse answer = put(client, there, counting(new AtomicLong()));
      assertThat(answer.httpResponse().statusCode()).isEqualTo(201);
      assertThat(arrived.get()).isEqualTo(MUCH);
    } finally {
      server.stop(0);
    }
  }

  /** Connections are made to it, and nobody reads from them. */
  private static ServerSocket frozen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static URI address(ServerSocket socket) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");
  }

  private static SdkHttpClient client() {
    return new PatientUploads(UrlConnectionHttpClient.create(), Duration.ofSeconds(1));
  }

  private ContentStreamProvider counting(AtomicLong read) {
    return () ->
        new ByteArrayInputStream(body) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            int n = super.read(bytes, offset, length);
            read.addAndGet(Math.max(0, n));
            return n;
          }
        };
  }

  private static HttpExecuteResponse put(
      SdkHttpClient client, URI there, ContentStreamProvider content) throws IOException {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.PUT)
            .uri(there)
            .putHeader("Content-Length", String.valueOf(MUCH))
            .build();
    return client
        .prepareRequest(
            HttpExecuteRequest.builder().request(request).contentStreamProvider(content).build())
        .call();
  }

  private static long rest(InputStream in) throws IOException {
    long taken = 0;
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        taken += n;
      }
    } catch (SocketTimeoutException | java.net.SocketException e) {
      return taken; // nothing more comes
    }
    return taken;
  }
}
