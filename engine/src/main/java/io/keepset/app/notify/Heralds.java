package io.keepset.app.notify;

import io.keepset.app.notify.Bulletin.Kind;
import io.keepset.app.state.Outbox;
import io.keepset.app.state.Outbox.Letter;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.watch.Outlook;
import io.keepset.policy.Alerting;
import io.keepset.policy.Nearest;
import io.keepset.policy.Receiver;
import io.keepset.runner.Leases;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes messages about what is news, and delivers them until their receivers have taken them. The
 * two happen in turns of their own, so that a receiver that is down keeps nobody waiting; among
 * nodes that share a state one at a time does it.
 */
public final class Heralds implements ProblemSource {
  private static final Logger LOG = LoggerFactory.getLogger(Heralds.class);

  /** More than these are told in one message. */
  private static final int FEW = 3;

  /** A receiver that failed so often is a problem of its own. */
  private static final int TROUBLE = 3;

  private static final Duration FIRST_RETRY = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 7;
  private static final Duration STALE = Duration.ofDays(7);
  private static final String LEASE = "notify";

  private final Diary diary;
  private final Outbox outbox;
  private final Leases leases;
  private final Courier courier;
  private final Supplier<Alerting> alerting;

  /**
   * @param alerting the settings in force, asked at every turn
   */
  public Heralds(StateDatabase state, Courier courier, Supplier<Alerting> alerting) {
    this.diary = new Diary(state.problemLedger());
    this.outbox = state.outbox();
    this.leases = state.leases();
    this.courier = courier;
    this.alerting = alerting;
  }

  /**
   * Writes what is news since the last outlook. Without receivers there is none to keep book for.
   */
  public void hear(Outlook outlook) {
    Map<String, Receiver> receivers = alerting.get().receivers();
    if (receivers.isEmpty()) {
      return;
    }
    Optional<Leases.Lease> lease = leases.tryAcquire(LEASE);
    if (lease.isEmpty()) {
      return; // another node does it
    }
    try (Leases.Lease held = lease.get()) {
      Diary.News news = diary.news(outlook.problems(), outlook.at());
      write(receivers, Kind.BEGUN, news.begun(), outlook.at());
      write(receivers, Kind.LASTING, news.lasting(), outlook.at());
      write(receivers, Kind.ENDED, news.ended(), outlook.at());
      // Only now: who dies in between tells it twice, not never.
      diary.told(news);
    }
  }

  private void write(
      Map<String, Receiver> receivers, Kind kind, List<Problem> problems, Instant now) {
    for (String receiver : receivers.keySet()) {
      // That it takes no messages can be told to others only.
      List<Problem> own =
          problems.stream().filter(p -> !p.target().equals(target(receiver))).toList();
      List<List<Problem>> letters = new ArrayList<>();
      if (own.size() > FEW) {
        letters.add(own);
      } else {
        own.forEach(problem -> letters.add(List.of(problem)));
      }
      for (List<Problem> letter : letters) {
        outbox.add(receiver, JsonText.writeCompact(bulletin(kind, now, letter).json()), now);
      }
    }
  }

  private static Bulletin bulletin(Kind kind, Instant now, List<Problem> problems) {
    return new Bulletin(UUID.randomUUID().toString(), kind, now, problems);
  }

  private static String target(String receiver) {
    return "notify/" + receiver;
  }

  /** Delivers what waits, to each receiver in order. Never throws. */
  public void deliver() {
    try {
      Optional<Leases.Lease> lease = leases.tryAcquire(LEASE + "-delivery");
      if (lease.isPresent()) {
        deliver(lease.get());
      }
    } catch (RuntimeException e) {
      LOG.error("messages could not be delivered", e);
    }
  }

  private void deliver(Leases.Lease lease) {
    Map<String, Receiver> receivers = alerting.get().receivers();
    try (Leases.Lease held = lease) {
      Set<String> waiting = new HashSet<>();
      for (Letter letter : outbox.all()) {
        if (!held.held()) {
          return;
        }
        Receiver receiver = receivers.get(letter.receiver());
        if (receiver == null || letter.createdAt().plus(STALE).isBefore(courier.now())) {
          outbox.remove(letter);
          LOG.warn("a message to {} is dropped: nobody took it", letter.receiver());
        } else if (!waiting.contains(letter.receiver()) && !deliver(receiver, letter)) {
          waiting.add(letter.receiver());
        }
      }
    }
  }

  private boolean deliver(Receiver receiver, Letter letter) {
    Instant now = courier.now();
    if (letter.nextAt().isAfter(now)) {
      return false;
    }
    try {
      courier.deliver(receiver, Bulletin.parse(letter.body()));
      outbox.remove(letter);
      return true;
    } catch (DriverException e) {
      Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(letter.attempts(), MOST_DOUBLINGS));
      outbox.failed(letter, now.plus(pause), e.getMessage());
      LOG.error(
          "receiver {} did not take a message, tried again in {} s: {}",
          receiver.name(),
          pause.toSeconds(),
          e.getMessage());
      return false;
    }
  }

  /** Receivers that do not take messages. */
  @Override
  public List<Problem> problems(Instant now) {
    Map<String, Problem> byReceiver = new TreeMap<>();
    for (Letter letter : outbox.all()) {
      if (letter.attempts() >= TROUBLE) {
        byReceiver.putIfAbsent(
            letter.receiver(),
            Problem.error(
                    "watch.notify",
                    target(letter.receiver()),
                    "takes no messages: " + letter.error().orElse("for an unknown reason"))
                .withHint("mend it, then: keepset notify test " + letter.receiver())
                .since(letter.createdAt()));
      }
    }
    return List.copyOf(byReceiver.values());
  }

  /**
   * Sends a test message and waits for it.
   *
   * @param name empty means all
   * @return all of them, each with its name and, if it did not take it, the error
   * @throws DriverException NOT_FOUND if there is none of this name
   */
  public static MapNode test(Courier courier, Alerting alerting, Optional<String> name)
      throws DriverException {
    Collection<String> known = alerting.receivers().keySet();
    if (name.isPresent() && !known.contains(name.get())) {
      throw new DriverException(
          DriverException.Kind.NOT_FOUND,
          "there is no receiver "
              + name.get()
              + Nearest.to(name.get(), known)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; receivers are declared under keepset.notify, and known once applied"));
    }
    List<MapNode> tested = new ArrayList<>();
    for (Receiver receiver : alerting.receivers().values()) {
      if (name.filter(wanted -> !wanted.equals(receiver.name())).isEmpty()) {
        MapBuilder map = new MapBuilder().put("receiver", receiver.name());
        try {
          courier.deliver(receiver, bulletin(Kind.TEST, courier.now(), List.of()));
        } catch (DriverException e) {
          map.put("error", e.getMessage());
        }
        tested.add(map.build());
      }
    }
    return new MapBuilder().put("receivers", tested).build();
  }
}
