package io.keepset.policy;

import io.keepset.policy.Alerting.Heartbeat;
import io.keepset.policy.Receiver.Email;
import io.keepset.policy.Receiver.Slack;
import io.keepset.policy.Receiver.Tls;
import io.keepset.policy.Receiver.Webhook;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code notify} and {@code heartbeat} of a {@code keepset} block, read and written alike. */
public final class AlertingCodec {
  private static final Duration USUAL_BEAT = Duration.ofMinutes(5);

  private AlertingCodec() {}

  /** What is incomplete is left out: that it is has been said, see {@link AlertingRules}. */
  public static Alerting decode(MapNode settings) {
    Reading reading = new Reading();
    SortedMap<String, Receiver> receivers = new TreeMap<>();
    for (MapNode.Entry entry : reading.map(settings, "notify").entries()) {
      if (entry.value() instanceof MapNode body) {
        receiver(entry.key(), body).ifPresent(one -> receivers.put(one.name(), one));
      }
    }
    MapNode heartbeat = reading.map(settings, "heartbeat");
    return new Alerting(
        receivers,
        reading
            .text(heartbeat, "url")
            .map(
                url ->
                    new Heartbeat(
                        url,
                        reading.text(heartbeat, "fail"),
                        reading.duration(heartbeat, "every").orElse(USUAL_BEAT))));
  }

  private static Optional<Receiver> receiver(String name, MapNode body) {
    Reading reading = new Reading();
    Optional<String> url = reading.text(body, "url");
    return switch (reading.text(body, "type").orElse("")) {
      case "webhook" -> url.map(to -> new Webhook(name, to, reading.text(body, "secret")));
      case "slack" -> url.map(to -> new Slack(name, to));
      case "email" -> email(name, body, reading);
      default -> Optional.empty();
    };
  }

  private static Optional<Receiver> email(String name, MapNode body, Reading reading) {
    Optional<String> host = reading.text(body, "host");
    Optional<String> from = reading.text(body, "from");
    List<String> to = texts(body, "to");
    if (host.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    Tls tls =
        switch (reading.text(body, "tls").orElse("")) {
          case "none" -> Tls.NONE;
          case "tls" -> Tls.TLS;
          default -> Tls.STARTTLS;
        };
    return Optional.of(
        new Email(
            name,
            host.get(),
            reading.count(body, "port").orElse(tls.usualPort()),
            tls,
            from.get(),
            to,
            reading.text(body, "user"),
            reading.text(body, "password")));
  }

  private static List<String> texts(MapNode map, String key) {
    List<String> texts = new ArrayList<>();
    if (map.get(key).orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof ScalarNode scalar && scalar.value() != null) {
          texts.add(scalar.text());
        }
      }
    }
    return texts;
  }

  /** Adds to a map what {@link #decode} reads from it. */
  public static MapBuilder encode(MapBuilder settings, Alerting alerting) {
    MapBuilder receivers = new MapBuilder();
    alerting.receivers().forEach((name, receiver) -> receivers.put(name, encode(receiver)));
    settings.put("notify", receivers);
    alerting
        .heartbeat()
        .ifPresent(
            beat ->
                settings.put(
                    "heartbeat",
                    new MapBuilder()
                        .put("url", beat.url())
                        .putText("fail", beat.fail())
                        .put("every", Durations.format(beat.every()))));
    return settings;
  }

  private static MapBuilder encode(Receiver receiver) {
    if (receiver instanceof Webhook webhook) {
      return new MapBuilder()
          .put("type", "webhook")
          .put("url", webhook.url())
          .putText("secret", webhook.secret());
    }
    if (receiver instanceof Slack slack) {
      return new MapBuilder().put("type", "slack").put("url", slack.url());
    }
    Email email = (Email) receiver;
    return new MapBuilder()
        .put("type", "email")
        .put("host", email.host())
        .put("port", email.port())
        .put("tls", email.tls().name().toLowerCase(Locale.ROOT))
        .put("from", email.from())
        .putTexts("to", email.to())
        .putText("user", email.user())
        .putText("password", email.password());
  }
}
