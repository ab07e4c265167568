package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.Optional;

/** How each kind of definition is deleted. */
final class Deletion {
  private Deletion() {}

  /** Deletes one definition; one that went with another is no mistake. */
  static void run(Broker broker, Section section, MapNode item) throws DriverException {
    String in = HttpApi.segment(broker.vhost().or(() -> item.text("vhost")).orElse("/"));
    String name = HttpApi.segment(item.text("name").orElse(""));
    String path =
        switch (section) {
          case USERS -> "users/" + name;
          case VHOSTS -> "vhosts/" + name;
          case PERMISSIONS -> "permissions/" + in + "/" + segment(item, "user");
          case TOPIC_PERMISSIONS -> "topic-permissions/" + in + "/" + segment(item, "user");
          case PARAMETERS -> "parameters/" + segment(item, "component") + "/" + in + "/" + name;
          case GLOBAL_PARAMETERS -> "global-parameters/" + name;
          case POLICIES -> "policies/" + in + "/" + name;
          case QUEUES -> "queues/" + in + "/" + name;
          case EXCHANGES -> "exchanges/" + in + "/" + name;
          case BINDINGS -> binding(broker, in, item);
        };
    if (path.isEmpty()) {
      return;
    }
    broker.ask(
        "deleting " + section.name(item, true),
        api -> {
          try {
            return api.send("DELETE", "api/" + path, null);
          } catch (Refused e) {
            if (e.status() == 404) {
              return new MapBuilder().build();
            }
            throw e;
          }
        });
  }

  /** A binding is named by a key that only the server knows how to make. */
  private static String binding(Broker broker, String in, MapNode item) throws DriverException {
    String type = item.text("destination_type").orElse("queue").equals("queue") ? "q" : "e";
    String between =
        "bindings/"
            + in
            + "/e/"
            + segment(item, "source")
            + "/"
            + type
            + "/"
            + segment(item, "destination");
    String wanted = Section.BINDINGS.name(item, false);
    Optional<Node> found = broker.ask("looking for a binding", api -> api.find("api/" + between));
    if (found.isPresent() && found.get() instanceof ListNode list) {
      for (Node node : list.items()) {
        if (node instanceof MapNode map && Section.BINDINGS.name(map, false).equals(wanted)) {
          return between + "/" + segment(map, "properties_key");
        }
      }
    }
    return "";
  }

  private static String segment(MapNode item, String key) {
    return HttpApi.segment(item.text(key).orElse(""));
  }
}
