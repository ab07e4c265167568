package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.tool.Undoing;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One restore at a time into one broker, or into one new vhost, whoever runs it: an exchange with a
 * mark, which the broker keeps until it is deleted. A vhost alone would be none: of two PUTs at
 * once both are answered 201, because the management looks before it makes (rabbit_mgmt_wm_vhost,
 * {@code resource_exists}). An exchange is declared in one transaction, and an import leaves one
 * that is there as it is (rabbit_exchange, {@code declare}): so whose mark it bears has the lock.
 *
 * <p>For a broker it lies in a vhost of its own. Neither is part of any definitions: {@link
 * DefinitionsFile} hands them to nobody.
 */
final class RestoreLock {
  /** Of the exchange, and of the vhost for it. */
  static final String NAME = "keepset-restore";

  private static final String MARK = "x-keepset-mark";
  private static final String SINCE = "x-keepset-since";

  private interface Step {
    void run() throws DriverException;
  }

  private final Broker place;
  private final String mark = UUID.randomUUID().toString();

  private RestoreLock(Broker place) {
    this.place = place;
  }

  /**
   * Takes that of a whole broker; what is in it is to be looked at again afterwards.
   *
   * @param since for whoever finds it
   * @throws DriverException REJECTED if another restore has it
   */
  static RestoreLock ofBroker(Broker broker, String since) throws DriverException {
    RestoreLock lock = new RestoreLock(broker.vhost(NAME));
    lock.take(since, lock.place::makeVhost);
    return lock;
  }

  /**
   * Takes that of a vhost that we made, as another may believe of himself too. If it can't be taken
   * the vhost is gone again, unless it is another's.
   *
   * @throws DriverException REJECTED if it is another's
   */
  static RestoreLock ofVhost(Broker vhost, String since) throws DriverException {
    RestoreLock lock = new RestoreLock(vhost);
    lock.take(since, () -> {});
    return lock;
  }

  private void take(String since, Step first) throws DriverException {
    try {
      first.run();
      place.importing(exchange(since));
      Optional<MapNode> holder = holder(place);
      if (!ours(holder)) {
        throw refused(place, holder);
      }
    } catch (DriverException e) {
      DriverException why = e.kind() == Kind.NOT_FOUND ? ended(e) : e;
      throw told(why, removeVhost());
    }
  }

  /** Whoever had the lock deleted the vhost between two of our steps. */
  private DriverException ended(DriverException why) {
    return new DriverException(
        Kind.TRANSIENT,
        "nothing was touched: another restore into RabbitMQ "
            + place.where()
            + " has ended just now; begin again",
        why);
  }

  private byte[] exchange(String since) {
    MapBuilder exchange =
        new MapBuilder()
            .put("name", NAME)
            .put("type", "fanout")
            .put("durable", true)
            .put("auto_delete", false)
            .put("internal", true)
            .put("arguments", new MapBuilder().put(MARK, mark).put(SINCE, since));
    MapBuilder all = new MapBuilder().put(Section.EXCHANGES.key(), List.of(exchange.build()));
    return JsonText.writeCompact(all.build()).getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<MapNode> holder(Broker place) throws DriverException {
    return place
        .exchange(NAME)
        .map(found -> found.map("arguments").orElse(new MapBuilder().build()));
  }

  private boolean ours(Optional<MapNode> holder) {
    return holder.flatMap(found -> found.text(MARK)).equals(Optional.of(mark));
  }

  /**
   * @throws DriverException REJECTED if a restore into the whole broker has its lock
   */
  static void requireFree(Broker broker) throws DriverException {
    Broker place = broker.vhost(NAME);
    Optional<MapNode> holder = holder(place);
    if (holder.isPresent()) {
      throw refused(place, holder);
    }
  }

  private static DriverException refused(Broker place, Optional<MapNode> holder) {
    if (!place.vhost().equals(Optional.of(NAME))) {
      return place.takenMeanwhile();
    }
    return Failures.rejected(
        "nothing was touched: "
            + found(place.where())
            + holder
                .flatMap(arguments -> arguments.text(SINCE))
                .map(since -> " (it began at " + since + ")")
                .orElse(""));
  }

  /** For people. */
  static String found(String where) {
    return "RabbitMQ "
        + where
        + " has the vhost "
        + NAME
        + ": a restore works there, or one broke off. If none works, see that the broker is as it"
        + " should be, and delete that vhost by hand: rabbitmqctl delete_vhost "
        + NAME;
  }

  static String foundIn(String vhost) {
    return "into vhost "
        + vhost
        + " a restore was under way, or one broke off: it is in this backup as it was then";
  }

  /** What a restore of the whole broker left, or has while it works; for people. */
  static Optional<String> left(Broker broker) throws DriverException {
    return broker.exists(NAME) ? Optional.of(found(broker.where())) : Optional.empty();
  }

  /** Is it no definition, but a lock or its place? */
  static boolean holds(Section section, MapNode item) {
    return locksBroker(section, item) || (section == Section.EXCHANGES && named("name", item));
  }

  /** The same, of a whole broker. */
  static boolean locksBroker(Section section, MapNode item) {
    return (section == Section.VHOSTS && named("name", item)) || named("vhost", item);
  }

  private static boolean named(String key, MapNode item) {
    return item.text(key).equals(Optional.of(NAME));
  }

  /**
   * Deletes the vhost that it lies in, if it is ours or nobody's, though we were interrupted.
   *
   * @return what could not be deleted, for people
   */
  Optional<String> removeVhost() {
    String name = place.vhost().orElse("");
    return remove("vhost " + name, "rabbitmqctl delete_vhost " + name, place::deleteVhost);
  }

  /** The same, of the lock alone. */
  Optional<String> remove() {
    MapNode exchange = new MapBuilder().put("name", NAME).build();
    return remove(
        "exchange " + NAME + " of vhost " + place.vhost().orElse(""),
        "it marked the restore and is of no more use",
        () -> Deletion.run(place, Section.EXCHANGES, exchange));
  }

  private Optional<String> remove(String what, String how, Step removal) {
    return Undoing.despiteInterrupt(
        () -> {
          try {
            Optional<MapNode> holder = holder(place);
            if (holder.isEmpty() || ours(holder)) {
              removal.run();
            }
            return Optional.empty();
          } catch (DriverException e) {
            return e.kind() == Kind.NOT_FOUND
                ? Optional.empty()
                : Optional.of(
                    what
                        + " could not be deleted again ("
                        + e.getMessage()
                        + "): delete it by hand ("
                        + how
                        + ")");
          }
        });
  }

  /** A failure, and what it left. */
  static DriverException told(DriverException why, Optional<String> left) {
    return left.map(also -> new DriverException(why.kind(), why.getMessage() + "; " + also, why))
        .orElse(why);
  }
}
