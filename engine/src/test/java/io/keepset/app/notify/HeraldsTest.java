package io.keepset.app.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.app.watch.Outlook;
import io.keepset.policy.Alerting;
import io.keepset.policy.Receiver;
import io.keepset.source.JsonText;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import io.keepset.watch.Problem;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages from the watch to real receivers on this machine. */
class HeraldsTest {
  private static final Problem LATE = Problem.error("watch.late", "orders", "is late");
  private static final String TOKEN = "T0K3N";

  @TempDir private Path home;
  private final List<String> bodies = new ArrayList<>();
  private final List<Map<String, String>> headers = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private int status = 200;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private HttpServer http;
  private StateDatabase state;
  private Alerting alerting;
  private Heralds heralds;
  private Pulse pulse;

  @BeforeEach
  void open() throws Exception {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          paths.add(exchange.getRequestURI().getPath());
          Map<String, String> of = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          exchange.getRequestHeaders().forEach((name, values) -> of.put(name, values.get(0)));
          headers.add(of);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    http.start();
    alerting = alerting(new Receiver.Webhook("ops", "env:HOOK", Optional.of("env:KEY")));
    state = StateDatabase.open(StateSettings.of(home, Map.of()), secrets());
    begin();
  }

  private void begin() {
    heralds = new Heralds(state, courier(), () -> alerting);
    pulse = new Pulse(courier(), () -> alerting);
  }

  @AfterEach
  void close() {
    http.stop(0);
    state.close();
  }

  private Courier courier() {
    return new Courier(secrets(), () -> now);
  }

  private Secrets secrets() {
    String base = http == null ? "" : "http://127.0.0.1:" + http.getAddress().getPort() + "/";
    return reference ->
        switch (reference) {
          case "env:HOOK" -> new Secret(base + TOKEN);
          case "env:KEY" -> new Secret("a key");
          case "env:BEAT" -> new Secret(base + "alive");
          case "env:FAIL" -> new Secret(base + "broken");
          case "env:PASSWORD" -> new Secret("right");
          default -> throw new DriverException(Kind.DENIED, "no secret " + reference);
        };
  }

  private static Alerting alerting(Receiver... receivers) {
    TreeMap<String, Receiver> byName = new TreeMap<>();
    for (Receiver receiver : receivers) {
      byName.put(receiver.name(), receiver);
    }
    return new Alerting(byName, Optional.empty());
  }

  /** A minute goes by, with these problems, and everything due is delivered. */
  private void minute(Problem... problems) {
    now = now.plus(Duration.ofMinutes(1));
    heralds.hear(new Outlook(now, List.of(), List.of(problems), new TreeMap<>()));
    heralds.deliver();
  }

  private void minutes(int n, Problem... problems) {
    for (int i = 0; i < n; i++) {
      minute(problems);
    }
  }

  @Test
  void oneMessageWhenAProblemBeginsAndOneWhenItEnds() {
    minutes(60, LATE);
    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0)).contains("\"kind\":\"begun\"", "watch.late", "orders: is late");

    minutes(60);
    assertThat(bodies).hasSize(2);
    assertThat(bodies.get(1)).contains("\"kind\":\"ended\"");
  }

  @Test
  void aRestartDoesNotSayItAgain() throws Exception {
    minutes(5, LATE);
    state.close();
    state = StateDatabase.open(StateSettings.of(home, Map.of()), secrets());
    begin();
    minutes(60, LATE);
    assertThat(bodies).hasSize(1);
  }

  @Test
  void whatPassesBeforeItSettlesIsNotTold() {
    for (int i = 0; i < 30; i++) {
      minute(LATE);
      minute();
    }
    assertThat(bodies).isEmpty();
  }

  @Test
  void whatComesAndGoesIsToldAtMostOnceAnHour() {
    for (int i = 0; i < 16; i++) { // four hours
      minutes(3, LATE);
      minutes(12);
    }
    assertThat(bodies.stream().filter(b -> b.contains("\"begun\""))).hasSizeBetween(2, 4);
    assertThat(bodies.stream().filter(b -> b.contains("\"ended\""))).hasSizeBetween(2, 4);
  }

  @Test
  void whatLastsIsToldOnceADayAndWarningsOnce() {
    Problem warning = Problem.warning("watch.paused", "cache", "is paused");
    for (int i = 0; i < 60 * 3; i++) {
      now = now.plus(Duration.ofMinutes(19));
      minute(LATE, warning);
    }
    assertThat(bodies.stream().filter(b -> b.contains("watch.paused"))).hasSize(1);
    assertThat(bodies.stream().filter(b -> b.contains("\"lasting\""))).hasSize(2);
  }

  @Test
  void manyAtOnceAreOneMessage() {
    Problem[] many = new Problem[500];
    for (int i = 0; i < many.length; i++) {
      many[i] = Problem.error("watch.late", "db" + i, "is late");
    }
    minutes(5, many);
    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0)).contains("500 problems", "db499");
  }

  @Test
  void aReceiverThatIsDownGetsItLaterAndIsAProblemMeanwhile() {
    status = 503;
    minutes(30, LATE);
    int tries = bodies.size();
    assertThat(tries).isBetween(4, 8);
    assertThat(heralds.problems(now))
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.code()).isEqualTo("watch.notify");
              assertThat(p.target()).isEqualTo("notify/ops");
              assertThat(p.message()).contains("503").doesNotContain(TOKEN);
            });

    status = 200;
    minutes(70, LATE);
    assertThat(bodies).hasSize(tries + 1);
    assertThat(heralds.problems(now)).isEmpty();
  }

  @Test
  void aReceiverWhoseAnswerNeverEndsKeepsNobodyWaiting() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    http.createContext(
        "/alive",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000); // and then nothing
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Courier courier = new Courier(secrets(), () -> now, Duration.ofMillis(300));
    try {
      assertThatThrownBy(() -> courier.call("env:BEAT"))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("did not answer")
          .hasMessageNotContaining("alive");
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void ofTheSameProblemTwiceTheWorseIsTold() {
    minutes(5, Problem.warning("watch.late", "orders", "is a little late"), LATE);
    assertThat(bodies).singleElement().asString().contains("is late").doesNotContain("a little");
  }

  @Test
  void aMessageThatWasNotWrittenIsNotTakenForTold() {
    Diary diary = new Diary(state.problemLedger());
    diary.told(diary.news(List.of(LATE), now));
    Instant later = now.plus(Duration.ofMinutes(3));
    assertThat(diary.news(List.of(LATE), later).begun()).hasSize(1); // and then the process dies
    assertThat(diary.news(List.of(LATE), later).begun()).hasSize(1);
    diary.told(diary.news(List.of(LATE), later));
    assertThat(diary.news(List.of(LATE), later).begun()).isEmpty();
  }

  @Test
  void webhooksAreSignedOverTimeAndBody() {
    minutes(3, LATE);
    Map<String, String> sent = headers.get(0);
    String timestamp = sent.get(Courier.TIMESTAMP);
    assertThat(timestamp).isEqualTo(String.valueOf(now.getEpochSecond()));
    assertThat(sent.get(Courier.SIGNATURE))
        .isEqualTo("v1=" + Courier.sign(new Secret("a key"), timestamp + "." + bodies.get(0)));
    // Known from RFC 4231, case 2.
    assertThat(Courier.sign(new Secret("Jefe"), "what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void slackGetsTextInWhichNamesAreNoMarkup() {
    alerting = alerting(new Receiver.Slack("chat", "env:HOOK"));
    minutes(3, Problem.error("watch.failed", "orders", "failed: <!everyone> & more"));
    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0))
        .startsWith("{\"text\":\"*Keepset* error: orders: failed: &lt;!everyone&gt; &amp; more [");
  }

  @Test
  void mailGoesToEverybodyNamed() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("keepset", "right");
    server.start();
    try {
      alerting = alerting(email(server, Receiver.Tls.NONE, "env:PASSWORD"));
      minutes(3, LATE);
      MimeMessage[] mails = server.getReceivedMessages();
      assertThat(mails).hasSize(2); // one for each who gets it
      assertThat(mails[0].getSubject()).isEqualTo("[keepset] orders: is late");
      assertThat(mails[0].getContent().toString()).contains("[watch.late], since");
    } finally {
      server.stop();
    }
  }

  @Test
  void mailIsNotSentInClearWhereEncryptionIsWanted() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("keepset", "right");
    server.start();
    try {
      alerting = alerting(email(server, Receiver.Tls.STARTTLS, "env:PASSWORD"));
      minutes(3, LATE);
      assertThat(server.getReceivedMessages()).isEmpty();
      String answer = JsonText.write(Heralds.test(courier(), alerting, Optional.empty()));
      assertThat(answer).contains("STARTTLS").doesNotContain("right");
    } finally {
      server.stop();
    }
  }

  private static Receiver email(GreenMail server, Receiver.Tls tls, String password) {
    return new Receiver.Email(
        "mail",
        "127.0.0.1",
        server.getSmtp().getPort(),
        tls,
        "keepset@example.org",
        List.of("a@example.org", "b@example.org"),
        Optional.of("keepset"),
        Optional.of(password));
  }

  @Test
  void theHeartbeatBeatsWhileAllIsWell() {
    beats(Optional.of("env:FAIL"));
    assertThat(paths).containsOnly("/alive").hasSizeBetween(2, 3);

    paths.clear();
    for (int i = 0; i < 10; i++) {
      now = now.plus(Duration.ofMinutes(1));
      pulse.hear(new Outlook(now, List.of(), List.of(LATE), new TreeMap<>()));
      pulse.beat();
    }
    assertThat(paths).containsOnly("/broken");
  }

  @Test
  void theHeartbeatStopsWhenTheWatchDoes() {
    beats(Optional.empty());
    paths.clear();
    for (int i = 0; i < 30; i++) {
      now = now.plus(Duration.ofMinutes(4));
      pulse.beat(); // nothing has looked meanwhile
    }
    assertThat(paths).isEmpty();
  }

  private void beats(Optional<String> fail) {
    alerting =
        new Alerting(
            new TreeMap<>(),
            Optional.of(new Alerting.Heartbeat("env:BEAT", fail, Duration.ofMinutes(5))));
    for (int i = 0; i < 12; i++) {
      now = now.plus(Duration.ofMinutes(1));
      pulse.hear(new Outlook(now, List.of(), List.of(), new TreeMap<>()));
      pulse.beat();
    }
  }

  @Test
  void aTestGoesToTheReceiverNamed() throws Exception {
    assertThat(JsonText.write(Heralds.test(courier(), alerting, Optional.of("ops"))))
        .contains("ops")
        .doesNotContain("error");
    assertThat(bodies.get(0)).contains("\"kind\":\"test\"");
  }
}
