package io.keepset.drivers.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.keepset.drivers.aws.PartSizes;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.lab.FreePort;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3TroubleTest {
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | NoSuchBucket | REJECTED | there is no such bucket at http
          404 | NoSuchKey | NOT_FOUND | there is no a/b in s3 bucket acme
          403 | AccessDenied | DENIED | docs/stores.md
          403 | InvalidAccessKeyId | DENIED | correct access_key
          403 | SignatureDoesNotMatch | DENIED | correct secret_key
          403 | RequestTimeTooSkewed | DENIED | clock of this machine is wrong
          400 | ExpiredToken | DENIED | have expired; renew them
          400 | AuthorizationHeaderMalformed | REJECTED | correct the store's region
          400 | KMS.DisabledException | DENIED | the KMS key can't be used
          400 | SomethingNew | REJECTED | SomethingNew: it says why
          """)
  void saysWhatIsWrongAndWhatToDo(int status, String code, Kind kind, String words)
      throws IOException {
    DriverException e = open(store(status, code));

    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e).hasMessageContaining(words);
    assertThat(e.getMessage()).doesNotContain("env:SECRET");
  }

  @ParameterizedTest
  @CsvSource({"503, SlowDown", "500, InternalError", "507, XMinioStorageFull"})
  void troublesOfTheServicePass(int status, String code) throws IOException {
    assertThat(open(store(status, code)).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void nobodyListening() throws IOException {
    int port = FreePort.take();
    DriverException e = open(store(URI.create("http://127.0.0.1:" + port)));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("nobody answers at http://127.0.0.1:" + port);
  }

  @Test
  void anUnknownHost() {
    DriverException e = open(store(URI.create("http://s3.invalid")));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("s3.invalid").hasMessageContaining("unknown");
  }

  @Test
  void aMissingSecretIsNamed() {
    S3Settings settings =
        new S3Settings(
            "acme",
            Optional.of("eu-central-1"),
            Optional.of(URI.create("http://127.0.0.1:1")),
            true,
            "",
            Optional.of(
                new S3Settings.Credentials(
                    "env:A",
                    "env:B",
                    reference -> {
                      throw new DriverException(Kind.DENIED, "no secret " + reference);
                    })),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(60));

    assertThat(open(new S3Store(settings))).hasMessage("no secret env:A");
  }

  @Test
  void settingsThatContradictAreRefused() throws Exception {
    assertThat(refused("access_key", "env:A"))
        .hasMessageContaining("access_key and secret_key belong together");
    assertThat(refused("kms_key", "1234")).hasMessageContaining("aws:kms");
    assertThat(refused("part_size", "1MiB")).hasMessageContaining("from 5MiB to 1GiB");
    S3Settings settings =
        S3Settings.of(
            Options.of(Map.of("bucket", "acme", "prefix", "/a/b/", "endpoint", "http://x:1")),
            name -> {
              throw new IllegalStateException("no secret is needed yet");
            });
    assertThat(settings.prefix()).isEqualTo("a/b/");
    assertThat(settings.pathStyle()).isTrue();
  }

  @Test
  void partsSufficeForTheLargestObject() {
    PartSizes sizes = new PartSizes(Optional.empty());

    assertThat(sizes.capacity()).isGreaterThan(5_000_000_000_000L);
    assertThat(sizes.of(1)).isEqualTo(16 << 20);
    assertThat(sizes.of(1_001)).isEqualTo(32 << 20);
    assertThat(sizes.of(10_000)).isEqualTo(1 << 30);
  }

  private static DriverException refused(String key, String value) {
    Map<String, String> options = new TreeMap<>(Map.of("bucket", "acme", key, value));
    return catchThrowableOfType(
        DriverException.class,
        () ->
            S3Settings.of(
                Options.of(options),
                name -> {
                  throw new IllegalStateException("no secret is needed yet");
                }));
  }

  private static DriverException open(S3Store store) {
    try (store) {
      return catchThrowableOfType(DriverException.class, () -> store.open("a/b").close());
    }
  }

  private S3Store store(int status, String code) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body =
        ("<?xml version=\"1.0\"?><Error><Code>"
                + code
                + "</Code><Message>it says why</Message></Error>")
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return store(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  private static S3Store store(URI endpoint) {
    return new S3Store(S3Lab.settings("acme", "", endpoint));
  }
}
