package io.keepset.app.notify;

import io.keepset.policy.Receiver;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Takes messages to receivers. What goes wrong is said without addresses, which may be secret. */
public final class Courier {
  static final String TIMESTAMP = "Keepset-Timestamp";
  static final String SIGNATURE = "Keepset-Signature";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String NO_ANSWER = "it did not answer within 15 seconds";

  private final Secrets secrets;
  private final InstantSource clock;
  private final Duration patience;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // some servers stumble over an offered upgrade
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  public Courier(Secrets secrets, InstantSource clock) {
    this(secrets, clock, PATIENCE);
  }

  /** With a patience of its own, for tests. */
  Courier(Secrets secrets, InstantSource clock, Duration patience) {
    this.secrets = secrets;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Comes back when the receiver has taken it.
   *
   * @throws DriverException if it has not
   */
  void deliver(Receiver receiver, Bulletin bulletin) throws DriverException {
    if (receiver instanceof Receiver.Webhook webhook) {
      webhook(webhook, bulletin);
    } else if (receiver instanceof Receiver.Slack slack) {
      String text = "*Keepset* " + bulletin.chat();
      post(
          secrets.resolve(slack.url()),
          JsonText.writeCompact(new MapBuilder().put("text", escaped(text)).build()),
          Optional.empty());
    } else if (receiver instanceof Receiver.Email email) {
      Mail.send(
          email, email.password().isPresent() ? reveal(email.password().get()) : "", bulletin);
    }
  }

  /** What would be markup: a name that somebody chose must not mention everybody. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String reveal(String reference) throws DriverException {
    return secrets.resolve(reference).reveal();
  }

  private void webhook(Receiver.Webhook webhook, Bulletin bulletin) throws DriverException {
    Optional<Secret> key =
        webhook.secret().isPresent()
            ? Optional.of(secrets.resolve(webhook.secret().get()))
            : Optional.empty();
    post(secrets.resolve(webhook.url()), JsonText.writeCompact(bulletin.json()), key);
  }

  /** Calls an address and wants nothing but a good answer. */
  void call(String urlReference) throws DriverException {
    send(request(secrets.resolve(urlReference)).GET().build());
  }

  private void post(Secret url, String body, Optional<Secret> key) throws DriverException {
    HttpRequest.Builder request =
        request(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (key.isPresent()) {
      String timestamp = String.valueOf(clock.instant().getEpochSecond());
      request
          .header(TIMESTAMP, timestamp)
          .header(SIGNATURE, "v1=" + sign(key.get(), timestamp + "." + body));
    }
    send(request.build());
  }

  private static HttpRequest.Builder request(Secret url) throws DriverException {
    try {
      return HttpRequest.newBuilder(URI.create(url.reveal().strip()))
          .timeout(PATIENCE)
          .header("User-Agent", "keepset");
    } catch (IllegalArgumentException e) {
      // The cause would name the address.
      throw new DriverException(Kind.REJECTED, "its address is no http:// or https:// address");
    }
  }

  private void send(HttpRequest request) throws DriverException {
    // The client's own time limit ends with the headers; a body may go on for ever.
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    int status;
    try {
      status = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException e) {
      throw new DriverException(Kind.TRANSIENT, unreachable(e.getCause()));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new DriverException(Kind.TRANSIENT, NO_ANSWER);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "interrupted");
    }
    if (status / 100 != 2) {
      throw new DriverException(Kind.TRANSIENT, "it answered with status " + status);
    }
  }

  /** Without what the cause says, which may name the address. */
  private static String unreachable(@Nullable Throwable cause) {
    if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
      return NO_ANSWER;
    }
    return "it can't be reached ("
        + (cause == null ? "" : cause.getClass().getSimpleName())
        + "): see whether its address is right and it runs";
  }

  /** HMAC-SHA256 in hex. */
  static String sign(Secret key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  Instant now() {
    return clock.instant();
  }
}
