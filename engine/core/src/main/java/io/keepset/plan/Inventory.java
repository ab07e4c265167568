package io.keepset.plan;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one platform has now, by database name. Backups are asked for apart, where they matter. */
public record Inventory(SortedMap<String, LiveTarget> targets) {
  public Inventory {
    targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
  }
}
