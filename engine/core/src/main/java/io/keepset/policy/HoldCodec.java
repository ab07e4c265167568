package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds as trees, with the keys of the policy language, and back. */
public final class HoldCodec {
  private HoldCodec() {}

  public static MapNode encode(Hold hold) {
    MapBuilder map = new MapBuilder().put("name", hold.name());
    if (!hold.databases().isEmpty()) {
      map.putTexts("databases", hold.databases());
    }
    if (!hold.labels().isEmpty()) {
      map.putTexts("labels", hold.labels());
    }
    return map.putText("from", hold.from().map(LocalDate::toString))
        .putText("to", hold.to().map(LocalDate::toString))
        .put("reason", hold.reason())
        .put("review_by", hold.reviewBy().toString())
        .build();
  }

  /** Reads what {@link #encode} made; empty for anything else. */
  public static Optional<Hold> decode(MapNode map) {
    return map.text("name").flatMap(name -> decode(name, map));
  }

  /** Reads a hold of this name from a block; empty if it is no whole hold. */
  static Optional<Hold> decode(String name, MapNode map) {
    Reading reading = new Reading();
    SortedSet<String> databases = new TreeSet<>();
    if (map.get("databases").orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof ScalarNode one) {
          databases.add(one.text());
        }
      }
    }
    SortedMap<String, String> labels = new TreeMap<>();
    for (Map.Entry<String, String> label : reading.flat(reading.map(map, "labels")).entrySet()) {
      labels.put(label.getKey(), label.getValue());
    }
    Optional<LocalDate> from = reading.day(map, "from");
    Optional<LocalDate> to = reading.day(map, "to");
    Optional<LocalDate> reviewBy = reading.day(map, "review_by");
    Optional<String> reason = reading.text(map, "reason");
    boolean whole =
        !reading.trouble()
            && reason.filter(text -> !text.isBlank()).isPresent()
            && reviewBy.isPresent()
            && (!databases.isEmpty() || !labels.isEmpty())
            && (from.isEmpty() || to.isEmpty() || !to.get().isBefore(from.get()));
    return whole
        ? Optional.of(new Hold(name, databases, labels, from, to, reason.get(), reviewBy.get()))
        : Optional.empty();
  }
}
