package io.keepset.app;

import io.keepset.reconcile.Listing;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.Discovery.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What instances answered, as a tree and back. */
public final class ListingCodec {
  private ListingCodec() {}

  public static MapNode encode(Map<String, Listing> listings) {
    List<MapNode> instances = new ArrayList<>();
    listings.forEach(
        (name, listing) ->
            instances.add(
                new MapBuilder()
                    .put("name", name)
                    .putText("trouble", listing.trouble())
                    .put(
                        "databases",
                        listing.databases().stream()
                            .map(
                                found ->
                                    new MapBuilder()
                                        .put("name", found.database())
                                        .putNumber("bytes", found.bytes())
                                        .put("system", found.system())
                                        .build())
                            .toList())
                    .build()));
    return new MapBuilder().put("instances", instances).build();
  }

  public static SortedMap<String, Listing> decode(MapNode map) {
    SortedMap<String, Listing> listings = new TreeMap<>();
    for (MapNode instance : map.maps("instances")) {
      List<Found> databases = new ArrayList<>();
      for (MapNode one : instance.maps("databases")) {
        databases.add(
            new Found(
                one.text("name").orElse(""),
                one.text("bytes")
                    .map(text -> OptionalLong.of(Long.parseLong(text)))
                    .orElse(OptionalLong.empty()),
                one.text("system").orElse("false").equals("true")));
      }
      listings.put(
          instance.text("name").orElse(""), new Listing(databases, instance.text("trouble")));
    }
    return listings;
  }
}
