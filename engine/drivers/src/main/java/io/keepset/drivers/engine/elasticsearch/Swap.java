package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.engine.elasticsearch.Indices.State;
import io.keepset.drivers.tool.Undoing;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts restored indices in the place of those that are there. An index can't be renamed, but it can
 * be cloned in a moment: first what is there is cloned to {@link Leftovers#former}, then index by
 * index is deleted and cloned from {@link Leftovers#restored}. What breaks in between is undone;
 * what is killed in between is all there under one of the three names.
 */
final class Swap {
  private static final MapNode NO_ALIASES = new MapBuilder().build();

  private final Indices indices;

  /** By name of the index, the aliases that it is to have. */
  private final SortedMap<String, MapNode> aliases;

  /** What there was before, as it was. */
  private final SortedMap<String, State> before = new TreeMap<>();

  private final List<String> replaced = new ArrayList<>();

  Swap(Indices indices, SortedMap<String, MapNode> aliases) {
    this.indices = indices;
    this.aliases = aliases;
  }

  /**
   * Afterwards nothing is left but the indices under their names.
   *
   * @return what could not be cleaned, for people
   * @throws DriverException after which all is as it was, or the message says what is where
   */
  List<String> run() throws DriverException {
    try {
      for (String name : aliases.keySet()) {
        keep(name);
      }
      for (Map.Entry<String, MapNode> index : aliases.entrySet()) {
        replace(index.getKey(), index.getValue());
      }
    } catch (DriverException e) {
      throw Undoing.despiteInterrupt(() -> undone(e));
    }
    return clean();
  }

  private void keep(String name) throws DriverException {
    Optional<State> state = indices.state(name);
    if (state.isPresent()) {
      before.put(name, state.get());
      indices.copy(name, Leftovers.former(name), new State(true, false, NO_ALIASES));
    } else if (indices.state(Leftovers.former(name)).isPresent()) {
      before.put(name, new State(false, false, NO_ALIASES));
      replaced.add(name);
    }
  }

  private void replace(String name, MapNode wanted) throws DriverException {
    State as =
        indices
            .state(Leftovers.restored(name))
            .orElseThrow(() -> Failures.rejected(Leftovers.restored(name) + " is gone"))
            .with(wanted);
    if (!replaced.contains(name)) {
      replaced.add(name);
    }
    // Also if it is not there: an answer that is lost does not say that it stayed.
    indices.delete(name);
    indices.copy(Leftovers.restored(name), name, as);
  }

  private DriverException undone(DriverException why) {
    try {
      for (Map.Entry<String, State> index : before.entrySet()) {
        if (!replaced.contains(index.getKey())) {
          // It may have been opened, and takes no writes.
          indices.make(index.getKey(), index.getValue());
        }
      }
      for (String name : replaced) {
        indices.delete(name);
        if (before.containsKey(name)) {
          indices.copy(Leftovers.former(name), name, before.get(name));
        }
      }
      List<String> left = clean();
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; the indices are again what they were before"
              + (left.isEmpty() ? "" : "; " + String.join("; ", left)),
          why);
    } catch (DriverException e) {
      why.addSuppressed(e);
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; and what was there could not be put back ("
              + e.getMessage()
              + "): it is in "
              + Leftovers.former("*")
              + ", what was restored in "
              + Leftovers.restored("*")
              + ". Restore over again once the cause is gone",
          why);
    }
  }

  private List<String> clean() {
    List<String> left = new ArrayList<>();
    for (String name : aliases.keySet()) {
      for (String beside : List.of(Leftovers.restored(name), Leftovers.former(name))) {
        try {
          indices.delete(beside);
        } catch (DriverException e) {
          left.add(beside + " could not be deleted: " + e.getMessage());
        }
      }
    }
    return left;
  }
}
