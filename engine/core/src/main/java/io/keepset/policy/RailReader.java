package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what says how far changes may go: approvals and compliance rules. */
final class RailReader {
  private final Blocks blocks;

  RailReader(Blocks blocks) {
    this.blocks = blocks;
  }

  /** Those that say all that an approval must say; what the others lack has been reported. */
  SortedMap<String, Approval> approvals() {
    SortedMap<String, Approval> approvals = new TreeMap<>();
    for (Declared block : blocks.named("approval").values()) {
      Reading reading = new Reading();
      MapNode body = block.body();
      Optional<String> plan = reading.text(body, "plan");
      Optional<String> reason = reading.text(body, "reason");
      var expires = reading.day(body, "expires");
      int agreed = reading.count(body, "backups_deleted").orElse(0);
      if (!reading.trouble() && plan.isPresent() && reason.isPresent() && expires.isPresent()) {
        approvals.put(
            block.name(),
            new Approval(
                block.name(),
                plan.get(),
                texts(body, "changes"),
                agreed,
                reason.get(),
                expires.get(),
                block.at(),
                body.get("expires").map(Node::at).orElse(block.at())));
      }
    }
    return approvals;
  }

  SortedMap<String, Compliance> compliance() {
    SortedMap<String, Compliance> rules = new TreeMap<>();
    for (Declared block : blocks.named("compliance").values()) {
      Reading reading = new Reading();
      MapNode body = block.body();
      MapNode to = reading.map(body, "applies_to");
      Set<String> environments = Set.copyOf(texts(to, "environments"));
      Set<Compliance.Forbidden> forbid = EnumSet.noneOf(Compliance.Forbidden.class);
      for (String word : texts(body, "forbid")) {
        Compliance.Forbidden.of(word).ifPresent(forbid::add);
      }
      Compliance rule =
          new Compliance(
              block.name(),
              new Compliance.Scope(
                  reading.flat(reading.map(to, "labels")),
                  new TreeSet<>(environments),
                  new TreeSet<>(texts(to, "databases")),
                  members(environments)),
              new Compliance.Minimum(reading.flat(reading.map(body, "minimum"))),
              forbid,
              block.at(),
              places(body));
      if (!reading.trouble()) {
        rules.put(block.name(), rule);
      }
    }
    return rules;
  }

  private SortedSet<String> members(Set<String> environments) {
    SortedSet<String> members = new TreeSet<>();
    if (!environments.isEmpty()) {
      for (Declared database : blocks.named("database").values()) {
        database
            .body()
            .text("environment")
            .filter(environments::contains)
            .ifPresent(environment -> members.add(database.name()));
      }
    }
    return members;
  }

  private static SortedMap<String, Location> places(MapNode body) {
    SortedMap<String, Location> places = new TreeMap<>();
    place("", body, places);
    return places;
  }

  private static void place(String path, MapNode map, SortedMap<String, Location> places) {
    for (MapNode.Entry entry : map.entries()) {
      String name = path.isEmpty() ? entry.key() : path + "." + entry.key();
      places.put(name, entry.keyAt());
      if (entry.value() instanceof MapNode child) {
        place(name, child, places);
      } else if (entry.value() instanceof ListNode list) {
        for (Node item : list.items()) {
          if (item instanceof ScalarNode word) {
            places.put(name + "." + word.text(), word.at());
          }
        }
      }
    }
  }

  private static List<String> texts(MapNode map, String key) {
    List<String> texts = new ArrayList<>();
    if (map.get(key).orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof ScalarNode text && text.value() != null) {
          texts.add(text.text());
        }
      }
    }
    return texts;
  }
}
