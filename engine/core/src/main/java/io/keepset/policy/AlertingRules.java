package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.MapNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a receiver of messages must say, by its type. */
final class AlertingRules {
  private static final Map<String, List<String>> NEEDED =
      Map.of(
          "webhook",
          List.of("url"),
          "slack",
          List.of("url"),
          "email",
          List.of("host", "from", "to"));

  private static final Map<String, List<String>> ALLOWED =
      Map.of(
          "webhook", List.of("type", "url", "secret"),
          "slack", List.of("type", "url"),
          "email", List.of("type", "host", "port", "tls", "from", "to", "user", "password"));

  private AlertingRules() {}

  static void check(MapNode settings, Consumer<Diagnostic> report) {
    settings
        .map("notify")
        .ifPresent(
            receivers ->
                receivers
                    .entries()
                    .forEach(
                        entry -> {
                          if (entry.value() instanceof MapNode body) {
                            receiver(entry, body, report);
                          }
                        }));
  }

  private static void receiver(MapNode.Entry entry, MapNode body, Consumer<Diagnostic> report) {
    String type = body.text("type").orElse("");
    for (String needed : NEEDED.getOrDefault(type, List.of())) {
      if (body.get(needed).isEmpty()) {
        report.accept(
            Diagnostic.error(
                    "notify.incomplete",
                    "receiver " + entry.key() + " of type " + type + " needs " + needed,
                    entry.keyAt())
                .withHint("add " + needed));
      }
    }
    List<String> allowed = ALLOWED.get(type);
    for (MapNode.Entry key : body.entries()) {
      if (allowed != null && !allowed.contains(key.key())) {
        report.accept(
            Diagnostic.error(
                    "notify.surplus",
                    "receiver " + entry.key() + " of type " + type + " has no " + key.key(),
                    key.keyAt())
                .withHint("remove it; there are " + String.join(", ", allowed)));
      }
    }
    if (body.get("password").isPresent() && body.get("user").isEmpty()) {
      report.accept(
          Diagnostic.error(
                  "notify.incomplete",
                  "receiver " + entry.key() + " has a password and no user",
                  entry.keyAt())
              .withHint("add user"));
    }
  }
}
