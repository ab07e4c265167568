package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What definitions there are, to compare with others: names and digests, not the values. A server
 * promises no order, and a newer one says more about each item: what the older one did not say is
 * not compared.
 */
final class Definitions {
  /**
   * @param keys that it has, empty values too
   * @param digest of what is under these
   */
  private record Item(List<String> keys, String digest) {}

  /**
   * One item by which two brokers differ.
   *
   * @param item as it is at the broker; empty if it is not there
   */
  record Difference(Section section, String name, Optional<MapNode> item) {}

  /** How a broker differs from these definitions. */
  record Comparison(
      List<Difference> missing, List<Difference> different, List<Difference> surplus) {
    /** What keeps these definitions from being there. */
    List<String> wanting() {
      List<String> names = new ArrayList<>();
      missing.forEach(difference -> names.add(difference.name() + " is missing"));
      different.forEach(difference -> names.add(difference.name() + " differs"));
      return names;
    }

    /** Names of vhosts that these definitions do not have. */
    Set<String> surplusVhosts() {
      return surplus.stream()
          .filter(difference -> difference.section() == Section.VHOSTS)
          .flatMap(difference -> difference.item().stream())
          .flatMap(vhost -> vhost.text("name").stream())
          .collect(Collectors.toSet());
    }
  }

  private final Map<Section, TreeMap<String, Item>> items = new EnumMap<>(Section.class);
  private final Map<Selection.Reason, TreeSet<String>> changed =
      new EnumMap<>(Selection.Reason.class);
  private final boolean vhosts;

  private Definitions(boolean vhosts) {
    this.vhosts = vhosts;
  }

  /**
   * @param vhosts false if they are of one vhost, whatever its name
   * @param selection what of them counts
   * @throws DriverException DAMAGED if it is no good file
   */
  static Definitions read(InputStream in, boolean vhosts, Selection selection)
      throws IOException, DriverException {
    Definitions definitions = new Definitions(vhosts);
    Verdict verdict =
        DefinitionsFile.read(
            in,
            (section, item) -> {
              selection.of(section, item).ifPresent(goes -> definitions.add(section, goes));
              selection
                  .reason(section, item)
                  .ifPresent(reason -> definitions.note(reason, section.name(item, vhosts)));
            });
    if (!verdict.good()) {
      throw new DriverException(Kind.DAMAGED, String.join("; ", verdict.findings()));
    }
    return definitions;
  }

  private void note(Selection.Reason reason, String name) {
    changed.computeIfAbsent(reason, unused -> new TreeSet<>()).add(name);
  }

  /** Names of what the selection left behind or changed, in order. */
  SortedSet<String> changed(Selection.Reason reason) {
    return changed.getOrDefault(reason, new TreeSet<>());
  }

  private void add(Section section, MapNode item) {
    List<String> keys = item.keys().stream().filter(key -> counts(key)).sorted().toList();
    items
        .computeIfAbsent(section, unused -> new TreeMap<>())
        .put(section.name(item, vhosts), new Item(keys, digest(item, keys)));
  }

  private boolean counts(String key) {
    return vhosts || !key.equals("vhost");
  }

  private static String digest(MapNode item, List<String> keys) {
    TreeMap<String, String> members = new TreeMap<>();
    for (String key : keys) {
      Optional<Node> value = item.get(key).filter(node -> !Canonical.empty(node));
      value.ifPresent(
          node -> members.put(key, key.equals("tags") ? Canonical.tags(node) : Canonical.of(node)));
    }
    members.values().remove("[]");
    members.values().remove("{}");
    return HexFormat.of()
        .formatHex(sha256().digest(Canonical.join(members).getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Compares with what a broker exports now.
   *
   * @throws DriverException DAMAGED if that is no good file
   */
  Comparison compare(InputStream live) throws IOException, DriverException {
    List<Difference> different = new ArrayList<>();
    List<Difference> surplus = new ArrayList<>();
    Map<Section, TreeMap<String, Item>> left = new EnumMap<>(Section.class);
    items.forEach((section, named) -> left.put(section, new TreeMap<>(named)));
    Verdict verdict =
        DefinitionsFile.read(
            live,
            (section, item) -> {
              String name = section.name(item, vhosts);
              Item wanted = left.getOrDefault(section, new TreeMap<>()).remove(name);
              if (wanted == null) {
                surplus.add(new Difference(section, name, Optional.of(item)));
              } else if (!wanted.digest().equals(digest(item, wanted.keys()))) {
                different.add(new Difference(section, name, Optional.of(item)));
              }
            });
    if (!verdict.good()) {
      throw new DriverException(Kind.DAMAGED, String.join("; ", verdict.findings()));
    }
    List<Difference> missing = new ArrayList<>();
    left.forEach(
        (section, named) ->
            named
                .keySet()
                .forEach(name -> missing.add(new Difference(section, name, Optional.empty()))));
    surplus.removeIf(
        difference ->
            difference.section() == Section.GLOBAL_PARAMETERS
                && difference.item().map(Selection::own).orElse(false));
    return new Comparison(missing, different, surplus);
  }
}
