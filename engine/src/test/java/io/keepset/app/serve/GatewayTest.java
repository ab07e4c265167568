package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keepset.access.Role;
import io.keepset.app.http.Gateway;
import io.keepset.app.http.Server;
import io.keepset.app.security.OwnAuthority;
import io.keepset.app.security.Trust;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.drivers.lab.FreePort;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terraform in front of a gateway in front of an engine. */
class GatewayTest {
  @TempDir private Path home;

  @BeforeEach
  void write() throws Exception {
    Files.createDirectories(home.resolve("followed"));
  }

  @Test
  void terraformWorksThroughIt() throws Exception {
    OwnAuthority authority = new OwnAuthority(home.resolve("data"));
    try (ServiceLab lab = new ServiceLab(home, authority.ready("127.0.0.1", Instant.now()));
        Gateway gateway =
            Gateway.start(
                settings(Optional.of(authority.server())),
                new Gateway.Engine(
                    lab.address(),
                    Optional.empty(),
                    Optional.of(Trust.authorities(authority.certificate()))))) {
      String state = "https://localhost:" + gateway.port() + "/terraform/state/prod?team=a%20b";
      TerraformBinary terraform =
          TerraformBinary.in(home.resolve("tf"))
              .with("TF_HTTP_ADDRESS", state)
              .with("TF_HTTP_LOCK_ADDRESS", state)
              .with("TF_HTTP_UNLOCK_ADDRESS", state)
              .with("TF_HTTP_USERNAME", "terraform")
              .with("TF_HTTP_PASSWORD", ServiceLab.token(Role.OPERATOR))
              .with("SSL_CERT_FILE", authority.certificate().toString())
              .write("main.tf", TerraformBinary.GREETING);
      terraform.succeed("init");
      terraform.succeed("apply", "-auto-approve");
      assertThat(terraform.succeed("output", "-raw", "greeting").out()).isEqualTo("hello");
      assertThat(terraform.succeed("state", "pull").out()).contains("terraform_data");
      terraform.with("TF_HTTP_PASSWORD", ServiceLab.token(Role.READER));
      assertThat(terraform.run("plan").code()).isEqualTo(1);
    }
  }

  @Test
  void answersComeAsTheyAre() throws Exception {
    try (ServiceLab lab = new ServiceLab(home);
        Gateway gateway = gateway(lab.address(), Optional.empty())) {
      for (String path :
          new String[] {"/terraform/v1/status", "/terraform/nowhere", "/terraform/state/none"}) {
        HttpResponse<String> direct = lab.send(Role.OPERATOR, "GET", path, "");
        HttpResponse<String> through = send(gateway, "GET", path, ServiceLab.token(Role.OPERATOR));

        assertThat(through.statusCode()).as(path).isEqualTo(direct.statusCode());
        assertThat(through.headers().firstValue("Content-Type"))
            .isEqualTo(direct.headers().firstValue("Content-Type"));
        if (direct.statusCode() != 200) {
          assertThat(through.body()).isEqualTo(direct.body());
        }
      }
      assertThat(send(gateway, "GET", "/terraform/v1/status", "wrong").statusCode()).isEqualTo(401);
      assertThat(send(gateway, "GET", "/terraform/v1/status", "").statusCode()).isEqualTo(401);
      for (String path :
          new String[] {"/api/v1/status", "/", "/actuator/prometheus", "/terraform/../api/v1/x"}) {
        assertThat(send(gateway, "GET", path, ServiceLab.token(Role.ADMIN)).statusCode())
            .as(path)
            .isBetween(400, 404);
      }
      assertThat(send(gateway, "GET", "/actuator/health", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTokenOfItsOwnIsForRequestsWithoutOne() throws Exception {
    try (ServiceLab lab = new ServiceLab(home);
        Gateway gateway = gateway(lab.address(), Optional.of(ServiceLab.token(Role.READER)))) {
      assertThat(send(gateway, "GET", "/terraform/v1/status", "").statusCode()).isEqualTo(200);
      assertThat(send(gateway, "GET", "/terraform/v1/status", "wrong").statusCode()).isEqualTo(401);
      assertThat(send(gateway, "GET", "/terraform/state/x", "").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void anEngineThatIsNotThereIsToldWithoutEndingTheRun() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:" + FreePort.take());
    try (Gateway gateway = gateway(nobody, Optional.empty())) {
      HttpResponse<String> read = send(gateway, "GET", "/terraform/v1/status", "x");
      assertThat(read.statusCode()).isEqualTo(424);
      assertThat(read.body()).contains("\"ok\": false", "can't be reached");
      assertThat(send(gateway, "LOCK", "/terraform/state/x", "x").statusCode()).isEqualTo(502);
    }
  }

  @Test
  void whoShowsNoTokenNeverReachesTheEngine() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer engine = engine(asked, new CountDownLatch(0), 200);
    try (Gateway gateway = gateway(address(engine), Optional.empty())) {
      HttpResponse<String> refused = send(gateway, "GET", "/terraform/v1/status", "");

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().allValues("WWW-Authenticate")).hasSize(2);
      assertThat(asked).hasValue(0);
    } finally {
      engine.stop(0);
    }
  }

  @Test
  void strangersDoNotKeepOutWhomTheEngineKnows() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch hanging = new CountDownLatch(1);
    HttpServer engine = engine(asked, hanging, 401);
    List<CompletableFuture<HttpResponse<Void>>> strangers = new ArrayList<>();
    try (Gateway gateway = gateway(address(engine), Optional.empty())) {
      assertThat(send(gateway, "GET", "/terraform/v1/status", "known").statusCode()).isEqualTo(200);
      for (int i = 0; i < 40; i++) {
        strangers.add(later(gateway, "guess" + i));
      }
      Await.until("all but sixteen are answered", () -> answered(strangers).size() == 40 - 16);
      for (CompletableFuture<HttpResponse<Void>> one : answered(strangers)) {
        assertThat(one.join().statusCode()).isEqualTo(503);
        assertThat(one.join().headers().firstValue("Retry-After")).isPresent();
      }
      assertThat(send(gateway, "GET", "/terraform/v1/status", "known").statusCode()).isEqualTo(200);
      hanging.countDown();
    } finally {
      engine.stop(0);
    }
  }

  private static List<CompletableFuture<HttpResponse<Void>>> answered(
      List<CompletableFuture<HttpResponse<Void>>> sent) {
    return sent.stream().filter(CompletableFuture::isDone).toList();
  }

  private static CompletableFuture<HttpResponse<Void>> later(Gateway gateway, String token) {
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + gateway.port() + "/terraform/v1/status"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  /** Answers the token {@code known} at once, others when it is let. */
  private static HttpServer engine(AtomicInteger asked, CountDownLatch others, int status)
      throws IOException {
    HttpServer engine =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.setExecutor(Executors.newCachedThreadPool());
    engine.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          boolean known =
              "Bearer known".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          try {
            if (!known) {
              others.await();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(known ? 200 : status, -1);
          exchange.close();
        });
    engine.start();
    return engine;
  }

  private static URI address(HttpServer engine) {
    return URI.create("http://127.0.0.1:" + engine.getAddress().getPort());
  }

  private static Gateway gateway(URI engine, Optional<String> token) throws Exception {
    return Gateway.start(
        settings(Optional.empty()), new Gateway.Engine(engine, token, Optional.empty()));
  }

  private static Server.Settings settings(Optional<io.keepset.app.security.TlsFiles> tls) {
    return new Server.Settings("127.0.0.1", 0, Optional.empty(), Duration.ofSeconds(20), tls, 0);
  }

  private static HttpResponse<String> send(
      Gateway gateway, String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
