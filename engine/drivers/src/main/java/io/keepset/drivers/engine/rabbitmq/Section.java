package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.MapNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A list in a file of definitions, in an order in which they can be imported: what is named comes
 * before who names it (RabbitMQ, "Schema Definition Export and Import").
 */
enum Section {
  USERS("users", "user", "name"),
  VHOSTS("vhosts", "vhost", "name"),
  PERMISSIONS("permissions", "permission", "user", "vhost"),
  PARAMETERS("parameters", "parameter", "component", "name", "vhost"),
  GLOBAL_PARAMETERS("global_parameters", "global parameter", "name"),
  POLICIES("policies", "policy", "name", "vhost"),
  EXCHANGES("exchanges", "exchange", "name", "vhost"),
  TOPIC_PERMISSIONS("topic_permissions", "topic permission", "user", "exchange", "vhost"),
  QUEUES("queues", "queue", "name", "vhost"),
  BINDINGS(
      "bindings",
      "binding",
      "source",
      "destination_type",
      "destination",
      "routing_key",
      "arguments",
      "vhost");

  private final String key;
  private final String noun;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<String> identity;

  Section(String key, String noun, String... identity) {
    this.key = key;
    this.noun = noun;
    this.identity = List.of(identity);
  }

  static Optional<Section> of(String key) {
    return Arrays.stream(values()).filter(section -> section.key.equals(key)).findFirst();
  }

  /** Of the list in the file. */
  String key() {
    return key;
  }

  /** Whether a server keeps what is there under this name, instead of taking what is imported. */
  boolean keepsWhatIsThere() {
    return this == QUEUES || this == EXCHANGES;
  }

  /** In the export of a single vhost too. */
  boolean ofVhost() {
    return switch (this) {
      case PARAMETERS, POLICIES, EXCHANGES, QUEUES, BINDINGS -> true;
      case USERS, VHOSTS, PERMISSIONS, TOPIC_PERMISSIONS, GLOBAL_PARAMETERS -> false;
    };
  }

  /**
   * What tells an item from the others of its section, for maps and for people: {@code queue
   * orders, vhost shop}.
   *
   * @param vhosts false to leave the vhost out, so that items of two vhosts can be compared
   */
  String name(MapNode item, boolean vhosts) {
    List<String> parts = new ArrayList<>();
    for (String field : identity) {
      if (field.equals("arguments")) {
        item.get(field).map(Canonical::of).filter(text -> !text.equals("{}")).ifPresent(parts::add);
      } else if (!field.equals("vhost")) {
        parts.add(item.text(field).orElse(""));
      } else if (vhosts) {
        parts.add("vhost " + item.text(field).orElse(""));
      }
    }
    return noun + " " + String.join(", ", parts);
  }

  /** The field that an item lacks and can't be without. */
  Optional<String> missing(MapNode item) {
    return identity.stream()
        .filter(field -> !field.equals("vhost") && !field.equals("arguments"))
        .filter(field -> item.text(field).isEmpty())
        .findFirst();
  }
}
