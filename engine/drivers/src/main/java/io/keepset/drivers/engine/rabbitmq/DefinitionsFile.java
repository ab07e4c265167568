package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.JsonMembers;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a file of definitions, item by item (RabbitMQ, "Schema Definition Export and Import").
 * Messages hold names and never values: among those are password hashes and URIs with passwords.
 */
final class DefinitionsFile implements JsonMembers.Visitor {
  static final String FORMAT = "rabbitmq-definitions";
  static final String BROKER = "broker";
  static final String VHOST = "vhost";

  /** Hears each item of a section that we know. */
  @FunctionalInterface
  interface Items {
    Items NOBODY = (section, item) -> {};

    void item(Section section, MapNode item);

    /** What locked the broker, or a vhost, when this was exported: no definition of anybody's. */
    default void lock(Section section, MapNode item) {}
  }

  private final Items items;
  private final Map<Section, Long> counts = new EnumMap<>(Section.class);
  private final TreeSet<String> unknown = new TreeSet<>();
  private Optional<String> version = Optional.empty();
  private boolean marked;
  private Optional<String> wrong = Optional.empty();

  private DefinitionsFile(Items items) {
    this.items = items;
  }

  /**
   * Reads it to its end.
   *
   * @throws IOException if it can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream in) throws IOException {
    return read(in, Items.NOBODY);
  }

  static Verdict read(InputStream in, Items items) throws IOException {
    DefinitionsFile file = new DefinitionsFile(items);
    try {
      JsonMembers.read(in, file);
    } catch (JsonMembers.Malformed e) {
      return Verdict.bad("these are no whole definitions of RabbitMQ: " + e.getMessage());
    }
    return file.verdict();
  }

  @Override
  public void value(String key, Node value) {
    if (key.equals("rabbit_version")) {
      marked = true;
    }
    if (key.equals("rabbitmq_version") || (key.equals("rabbit_version") && version.isEmpty())) {
      version = Optional.of(Canonical.of(value).replace("\"", ""));
    }
    if (Section.of(key).isPresent()) {
      wrong = wrong.or(() -> Optional.of(key + " is no list"));
    }
  }

  @Override
  public void list(String key) {
    Section.of(key).ifPresentOrElse(section -> counts.put(section, 0L), () -> unknown.add(key));
  }

  @Override
  public void item(String key, Node item) {
    Optional<Section> section = Section.of(key);
    if (section.isEmpty()) {
      return;
    }
    if (!(item instanceof MapNode map)) {
      wrong = wrong.or(() -> Optional.of("an item of " + key + " is no map"));
      return;
    }
    Optional<String> missing = section.get().missing(map);
    if (missing.isPresent()) {
      wrong = wrong.or(() -> Optional.of("an item of " + key + " has no " + missing.get()));
      return;
    }
    if (RestoreLock.holds(section.get(), map)) {
      items.lock(section.get(), map);
      return;
    }
    counts.merge(section.get(), 1L, Long::sum);
    items.item(section.get(), map);
  }

  private Verdict verdict() {
    if (!marked) {
      return Verdict.bad(
          "these are no whole definitions of RabbitMQ: there is no rabbit_version in it");
    }
    if (wrong.isPresent()) {
      return Verdict.bad("these are no whole definitions of RabbitMQ: " + wrong.get());
    }
    boolean broker = counts.containsKey(Section.USERS);
    for (Section section : Section.values()) {
      if ((broker || section.ofVhost()) && !counts.containsKey(section) && !late(section)) {
        return Verdict.bad(
            "these are no whole definitions of RabbitMQ: there is no " + section.key() + " in it");
      }
    }
    TreeMap<String, String> values = new TreeMap<>();
    values.put("server_version", version.orElse(""));
    values.put("scope", broker ? BROKER : VHOST);
    counts.forEach((section, count) -> values.put(section.key(), String.valueOf(count)));
    List<String> findings = new ArrayList<>();
    findings.add(
        counts.getOrDefault(Section.QUEUES, 0L)
            + " queues, "
            + counts.getOrDefault(Section.EXCHANGES, 0L)
            + " exchanges, "
            + counts.getOrDefault(Section.BINDINGS, 0L)
            + " bindings"
            + (broker
                ? ", "
                    + counts.getOrDefault(Section.VHOSTS, 0L)
                    + " vhosts, "
                    + counts.getOrDefault(Section.USERS, 0L)
                    + " users"
                : "")
            + " of RabbitMQ "
            + version.orElse("of unknown version"));
    if (!unknown.isEmpty()) {
      findings.add(
          "this Keepset does not know and does not restore: " + String.join(", ", unknown));
    }
    return Verdict.good(new ArtifactFacts(FORMAT, values), findings);
  }

  /** Not there before 3.7. */
  private static boolean late(Section section) {
    return section == Section.TOPIC_PERMISSIONS || section == Section.GLOBAL_PARAMETERS;
  }
}
