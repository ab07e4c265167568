package io.keepset.plan;

import io.keepset.policy.Resolved;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is declared and what each platform has, name by name, side by side. All of them are sorted,
 * so going through them together costs no look-ups.
 */
final class Walk {
  private final Head<Resolved> declared;
  private final SortedMap<String, Head<LiveTarget>> live = new TreeMap<>();

  /** Everything of one name. */
  interface Visitor {
    /**
     * @param declared null if no file declares it
     * @param found where it lives, by platform
     */
    void visit(@Nullable Resolved declared, SortedMap<String, LiveTarget> found);
  }

  Walk(SortedMap<String, Resolved> databases, Map<String, Inventory> inventories) {
    declared = new Head<>(databases);
    inventories.forEach((platform, its) -> live.put(platform, new Head<>(its.targets())));
  }

  /** In the order of the names. */
  void each(Visitor visitor) {
    for (String name = least(); name != null; name = least()) {
      SortedMap<String, LiveTarget> found = new TreeMap<>();
      for (Map.Entry<String, Head<LiveTarget>> platform : live.entrySet()) {
        LiveTarget target = platform.getValue().take(name);
        if (target != null) {
          found.put(platform.getKey(), target);
        }
      }
      visitor.visit(declared.take(name), found);
    }
  }

  private @Nullable String least() {
    String least = declared.name;
    for (Head<LiveTarget> head : live.values()) {
      if (head.name != null && (least == null || head.name.compareTo(least) < 0)) {
        least = head.name;
      }
    }
    return least;
  }

  /** The first of those that were not taken yet. */
  private static final class Head<T> {
    private final Iterator<Map.Entry<String, T>> rest;
    private @Nullable String name;
    private @Nullable T value;

    Head(SortedMap<String, T> all) {
      rest = all.entrySet().iterator();
      advance();
    }

    private void advance() {
      Map.Entry<String, T> next = rest.hasNext() ? rest.next() : null;
      name = next == null ? null : next.getKey();
      value = next == null ? null : next.getValue();
    }

    @Nullable T take(String wanted) {
      if (!wanted.equals(name)) {
        return null;
      }
      T taken = value;
      advance();
      return taken;
    }
  }
}
