package io.keepset.drivers.engine.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.source.JsonText;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of two restores into one real broker one works, whatever one does while the other waits. */
class RestoreLockTest extends RabbitRestores {
  private static final String VHOST = "api/vhosts/" + RestoreLock.NAME;
  private static final String EXCHANGE =
      "api/exchanges/" + RestoreLock.NAME + "/" + RestoreLock.NAME;

  private byte[] shop;
  private byte[] depot;

  /** Two backups, of brokers with one queue each. */
  @Override
  @BeforeEach
  void fill() throws Exception {
    depot = backup("depot");
    shop = backup("shop");
  }

  private byte[] backup(String vhost) throws Exception {
    broker.empty();
    broker.send("PUT", "api/vhosts/" + vhost, "{}");
    broker.send("PUT", "api/queues/" + vhost + "/of-" + vhost, "{\"durable\":true}");
    return dump(source);
  }

  private static RestoreRequest into(String name) {
    return new RestoreRequest(Mode.NEW, Optional.of(name));
  }

  private RestoreRequest request(Mode mode) {
    return new RestoreRequest(
        mode, mode == Mode.NEW ? Optional.of(broker.name()) : Optional.empty());
  }

  private FutureTask<RestoreReport> restoring(
      byte[] artifact, Source target, RestoreRequest request) {
    FutureTask<RestoreReport> restoring =
        new FutureTask<>(() -> restore(artifact, target, request));
    new Thread(restoring, "restoring").start();
    return restoring;
  }

  private void lockByAnother() {
    broker.send("PUT", VHOST, "{}");
    broker.send(
        "PUT",
        EXCHANGE,
        "{\"type\":\"fanout\",\"arguments\":{\"x-keepset-mark\":\"another\","
            + "\"x-keepset-since\":\"20261122t031500000\"}}");
  }

  private void assertFree() {
    assertThat(broker.names("api/vhosts")).doesNotContain(RestoreLock.NAME);
  }

  private static Source at(Source source, RabbitProxy proxy) {
    return EngineLab.changed(source, Map.of("port", String.valueOf(proxy.port())), Map.of());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whileOneWorksEveryOtherIsRefused(Mode mode) throws Exception {
    broker.empty();
    RabbitProxy.Holding holding = new RabbitProxy.Holding("POST /api/definitions", 1);
    try (RabbitProxy proxy = new RabbitProxy(broker.name(), holding)) {
      FutureTask<RestoreReport> first = restoring(shop, source, into(proxy.name()));
      holding.awaitIt();

      assertThatThrownBy(() -> restore(depot, source, request(mode)))
          .satisfies(RestoreLockTest::isRefusal);

      holding.letGo();
      first.get();
    }
    assertThat(broker.names("api/queues")).containsExactly("of-shop");
    assertFree();
  }

  private static void isRefusal(Throwable e) {
    assertThat(e)
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("nothing was touched")
        .hasMessageContaining("vhost " + RestoreLock.NAME)
        .hasMessageContaining("rabbitmqctl delete_vhost " + RestoreLock.NAME);
    assertThat(((DriverException) e).kind()).isEqualTo(Kind.REJECTED);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void oneThatSawNoOtherIsRefusedTooWhenItBegins(Mode mode) throws Exception {
    broker.empty();
    RabbitProxy.Holding before = new RabbitProxy.Holding("PUT /" + VHOST, 1);
    RabbitProxy.Holding during = new RabbitProxy.Holding("POST /api/definitions", 1);
    try (RabbitProxy late = new RabbitProxy(broker.name(), before);
        RabbitProxy early = new RabbitProxy(broker.name(), during)) {
      FutureTask<RestoreReport> second =
          restoring(depot, at(source, late), mode == Mode.NEW ? into(late.name()) : request(mode));
      before.awaitIt();
      FutureTask<RestoreReport> first = restoring(shop, source, into(early.name()));
      during.awaitIt();
      before.letGo();

      assertThatThrownBy(second::get).cause().satisfies(RestoreLockTest::isRefusal);

      during.letGo();
      first.get();
    }
    assertThat(broker.names("api/queues")).containsExactly("of-shop");
    assertFree();
  }

  @Test
  void whatAnotherRestoredSinceTheFirstLookIsSeen() throws Exception {
    broker.empty();
    RabbitProxy.Holding holding = new RabbitProxy.Holding("PUT /" + VHOST, 1);
    try (RabbitProxy proxy = new RabbitProxy(broker.name(), holding)) {
      FutureTask<RestoreReport> late = restoring(depot, source, into(proxy.name()));
      holding.awaitIt();
      restore(shop, source, into(broker.name()));
      holding.letGo();

      assertThatThrownBy(late::get).cause().hasMessageContaining("is not empty");
    }
    assertThat(broker.names("api/queues")).containsExactly("of-shop");
    assertFree();
  }

  /** As long as both look before either has made it, the broker says to both that they did. */
  @Test
  void ofTwoThatMadeOneVhostOneHasIt() throws Exception {
    Source vhost = broker.source(Map.of("vhost", "shop"));
    byte[] artifact = dump(vhost);
    RabbitProxy.Holding before =
        new RabbitProxy.Holding("PUT /api/vhosts/both", 1) {
          @Override
          public int status(String request, int status) {
            return request.equals("PUT /api/vhosts/both") ? 201 : status;
          }
        };
    // The first is that of the lock.
    RabbitProxy.Holding during = new RabbitProxy.Holding("POST /api/definitions/both", 2);
    try (RabbitProxy late = new RabbitProxy(broker.name(), before);
        RabbitProxy early = new RabbitProxy(broker.name(), during)) {
      FutureTask<RestoreReport> second = restoring(artifact, at(vhost, late), into("both"));
      before.awaitIt();
      FutureTask<RestoreReport> first = restoring(artifact, at(vhost, early), into("both"));
      during.awaitIt();
      assertThat(engine().discovery().orElseThrow().databases(source))
          .extracting(Discovery.Found::database)
          .contains("both");
      assertThat(warnings()).anyMatch(warning -> warning.contains("into vhost both"));
      before.letGo();

      assertThatThrownBy(second::get).cause().hasMessageContaining("somebody else makes it");

      during.letGo();
      assertThat(first.get().notes()).noneMatch(note -> note.contains(RestoreLock.NAME));
    }
    assertThat(broker.content("/both")).isEqualTo(broker.content("/shop"));
    assertThat(broker.names("api/exchanges/both")).doesNotContain(RestoreLock.NAME);
  }

  private List<String> warnings() throws Exception {
    try (Dump dump = engine().dump(source)) {
      dump.stream().transferTo(OutputStream.nullOutputStream());
      return dump.finish().warnings();
    }
  }

  @Test
  void aLockIsNoDefinition() throws Exception {
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    lockByAnother();
    byte[] exported = JsonText.writeCompact(broker.get("api/definitions")).getBytes(UTF_8);
    assertThat(new String(exported, UTF_8)).contains("\"" + RestoreLock.NAME + "\"");

    assertThatThrownBy(() -> dump(source))
        .hasMessageContaining("nothing of it is kept")
        .hasMessageContaining("rabbitmqctl delete_vhost " + RestoreLock.NAME);
    assertThat(engine().discovery().orElseThrow().databases(source))
        .extracting(Discovery.Found::database)
        .containsExactly("/", "shop");
    assertThat(engine().check(source))
        .extracting(Diagnostic::message)
        .anyMatch(message -> message.contains("vhost " + RestoreLock.NAME));

    broker.delete(VHOST);
    restore(exported, source, request(Mode.OVER));
    assertFree();
    assertThat(dump(source))
        .isEqualTo(JsonText.writeCompact(broker.get("api/definitions")).getBytes(UTF_8));
  }

  /** Whoever imports them by hand would lock the broker. */
  @Test
  void theFormerDefinitionsAreKeptWithoutIt() throws Exception {
    RabbitProxy.Holding holding = new RabbitProxy.Holding("POST /api/definitions", 1);
    String before = broker.content("");
    try (RabbitProxy proxy = new RabbitProxy(broker.name(), holding)) {
      FutureTask<RestoreReport> restoring = restoring(depot, at(source, proxy), request(Mode.OVER));
      holding.awaitIt();
      List<Path> kept = kept();
      assertThat(kept).hasSize(1);
      assertThat(kept.get(0)).content().doesNotContain(RestoreLock.NAME);
      byte[] former = Files.readAllBytes(kept.get(0));
      holding.letGo();
      restoring.get();
      assertThat(broker.content("")).isNotEqualTo(before);

      restore(former, source, request(Mode.OVER));
    }
    assertThat(broker.content("")).isEqualTo(before);
  }

  @Test
  void aRestoreThatIsCancelledGivesItBack() throws Exception {
    RabbitProxy.Holding holding = new RabbitProxy.Holding("POST /api/definitions", 1);
    String before = broker.content("");
    try (RabbitProxy proxy = new RabbitProxy(broker.name(), holding)) {
      FutureTask<RestoreReport> restoring =
          new FutureTask<>(() -> restore(depot, at(source, proxy), request(Mode.OVER)));
      Thread thread = new Thread(restoring, "restoring");
      thread.start();
      holding.awaitIt();
      thread.interrupt();

      assertThatThrownBy(restoring::get)
          .cause()
          .hasMessageContaining("importing definitions was cancelled")
          .hasMessageContaining("again what they were before");

      assertFree();
      assertThat(broker.content("")).isEqualTo(before);
    }
  }

  @Test
  void itsNameIsNoVhostToRestoreInto() throws Exception {
    Source vhost = broker.source(Map.of("vhost", "shop"));
    byte[] artifact = dump(vhost);

    assertThatThrownBy(() -> restore(artifact, vhost, into(RestoreLock.NAME)))
        .hasMessageContaining("choose another name");
    assertFree();
  }

  @Test
  void whatCouldNotBeDeletedIsTold() throws Exception {
    RabbitProxy.Hook fails =
        new RabbitProxy.Hook() {
          @Override
          public int status(String request, int status) {
            return request.equals("DELETE /" + VHOST) ? 500 : status;
          }
        };
    try (RabbitProxy proxy = new RabbitProxy(broker.name(), fails)) {
      RestoreReport report = restore(depot, at(source, proxy), request(Mode.OVER));

      assertThat(report.notes())
          .anyMatch(
              note ->
                  note.contains("vhost " + RestoreLock.NAME + " could not be deleted again")
                      && note.contains("rabbitmqctl delete_vhost"));
    }
  }
}
