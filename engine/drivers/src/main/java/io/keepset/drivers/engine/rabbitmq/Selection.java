package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.RestoreRequest.Mode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a backup goes to a broker, and in which form. */
final class Selection {
  /** Everything, as it is. */
  static final Selection ALL = new Selection(EnumSet.noneOf(Reason.class));

  /** Why an item does not go as it is. */
  enum Reason {
    /** A cluster's own name and id: two clusters may not share them. */
    OWN,
    /** It fetches messages from other brokers, or sends them there, as soon as it is there. */
    ACTS,
    /** Mirrors of classic queues, which RabbitMQ 4.0 no longer has ("What's New", 4.0). */
    MIRRORS
  }

  private static final Set<String> OWN = Set.of("internal_cluster_id", "cluster_name");
  private static final Set<String> ACTING =
      Set.of("shovel", "federation-upstream", "federation-upstream-set");
  private static final String MIRRORING = "ha-";
  private static final int WITHOUT_MIRRORS = 4;

  private final Set<Reason> reasons;

  private Selection(Set<Reason> reasons) {
    this.reasons = reasons;
  }

  /**
   * @param major version of the broker
   */
  static Selection of(Mode mode, int major) {
    Set<Reason> reasons =
        switch (mode) {
          case OVER -> EnumSet.noneOf(Reason.class);
          case MERGE -> EnumSet.of(Reason.OWN);
          case NEW -> EnumSet.of(Reason.OWN, Reason.ACTS);
        };
    if (major >= WITHOUT_MIRRORS) {
      reasons.add(Reason.MIRRORS);
    }
    return new Selection(reasons);
  }

  /** Whether a global parameter is a cluster's own. */
  static boolean own(MapNode item) {
    return OWN.contains(item.text("name").orElse(""));
  }

  /** Why an item stays behind, or goes in another form; empty if it goes as it is. */
  Optional<Reason> reason(Section section, MapNode item) {
    return about(section, item).filter(reasons::contains);
  }

  private static Optional<Reason> about(Section section, MapNode item) {
    return switch (section) {
      case GLOBAL_PARAMETERS -> own(item) ? Optional.of(Reason.OWN) : Optional.empty();
      case POLICIES -> mirrors(item) ? Optional.of(Reason.MIRRORS) : Optional.empty();
      case PARAMETERS ->
          ACTING.contains(item.text("component").orElse(""))
              ? Optional.of(Reason.ACTS)
              : item.map("value")
                      .filter(value -> operatorPolicy(item) && mirrors(value))
                      .isPresent()
                  ? Optional.of(Reason.MIRRORS)
                  : Optional.empty();
      case USERS, VHOSTS, PERMISSIONS, EXCHANGES, TOPIC_PERMISSIONS, QUEUES, BINDINGS ->
          Optional.empty();
    };
  }

  private static boolean operatorPolicy(MapNode parameter) {
    return parameter.text("component").equals(Optional.of("operator_policy"));
  }

  private static boolean mirrors(MapNode policy) {
    return policy.map("definition").stream()
        .flatMap(definition -> definition.keys().stream())
        .anyMatch(key -> key.startsWith(MIRRORING));
  }

  /** The item as it goes; empty if it stays behind. */
  Optional<MapNode> of(Section section, MapNode item) {
    Optional<Reason> reason = reason(section, item);
    if (reason.isEmpty()) {
      return Optional.of(item);
    }
    return switch (reason.get()) {
      case OWN, ACTS -> Optional.empty();
      case MIRRORS ->
          section == Section.POLICIES
              ? withoutMirrors(item)
              : item.map("value")
                  .flatMap(Selection::withoutMirrors)
                  .map(value -> with(item, "value", value));
    };
  }

  /** Empty if it did nothing else. */
  private static Optional<MapNode> withoutMirrors(MapNode policy) {
    MapBuilder rest = new MapBuilder();
    for (MapNode.Entry entry : policy.map("definition").map(MapNode::entries).orElse(List.of())) {
      if (!entry.key().startsWith(MIRRORING)) {
        rest.put(entry.key(), entry.value());
      }
    }
    MapNode definition = rest.build();
    return definition.isEmpty()
        ? Optional.empty()
        : Optional.of(with(policy, "definition", definition));
  }

  private static MapNode with(MapNode item, String key, MapNode value) {
    MapBuilder copy = new MapBuilder();
    for (MapNode.Entry entry : item.entries()) {
      copy.put(entry.key(), entry.key().equals(key) ? value : entry.value());
    }
    return copy.build();
  }

  /** What is not there as the backup has it, for people. */
  static List<String> notes(Definitions definitions) {
    List<String> notes = new ArrayList<>();
    String acting = String.join("; ", definitions.changed(Reason.ACTS));
    if (!acting.isEmpty()) {
      notes.add(
          "left out, as it would fetch or send messages beside the original at once: "
              + acting
              + "; merge the same backup into it to bring it");
    }
    String mirrors = String.join("; ", definitions.changed(Reason.MIRRORS));
    if (!mirrors.isEmpty()) {
      notes.add(
          "RabbitMQ 4 has no mirrored classic queues, so the ha- settings were left out of: "
              + mirrors
              + "; use quorum queues");
    }
    return notes;
  }
}
