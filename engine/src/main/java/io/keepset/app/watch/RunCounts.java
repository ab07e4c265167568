package io.keepset.app.watch;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many runs ended how, since this process began. */
public final class RunCounts {
  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  /** How a run ended. */
  public enum Result {
    GOOD,
    SUSPICIOUS,
    FAILED,
    /** The database, its store or its place was not to be had. */
    NOT_BEGUN;

    /** As in metrics. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Runs of one database that ended in one way. */
  public record Key(String database, Result result) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byName = database.compareTo(other.database);
      return byName != 0 ? byName : result.compareTo(other.result);
    }
  }

  void add(String database, Result result) {
    counts.computeIfAbsent(new Key(database, result), key -> new LongAdder()).increment();
  }

  public SortedMap<Key, Long> all() {
    SortedMap<Key, Long> all = new TreeMap<>();
    counts.forEach((key, count) -> all.put(key, count.sum()));
    return all;
  }

  public long of(Key key) {
    LongAdder count = counts.get(key);
    return count == null ? 0 : count.sum();
  }
}
