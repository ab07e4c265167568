package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A body while it is read: blocks of one kind stand apart in the file and together in the tree. */
final class HclDraft {
  /** A key, a block's kind or a label. */
  record Name(String text, Location at) {}

  /** Exactly one of value and labelled is there. */
  private record Slot(Location at, @Nullable Node value, @Nullable HclDraft labelled) {}

  private final Location at;
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  HclDraft(Location at) {
    this.at = at;
  }

  void put(Name name, Node value, Problems problems) {
    Slot first = slots.putIfAbsent(name.text(), new Slot(name.at(), value, null));
    if (first != null) {
      problems.addDuplicate(name.text(), name.at(), first.at());
    }
  }

  /** Puts a block's body below its kind and its labels. */
  void putBlock(List<Name> path, MapNode body, Problems problems) {
    HclDraft draft = this;
    for (Name name : path.subList(0, path.size() - 1)) {
      Slot slot = draft.slots.get(name.text());
      if (slot == null) {
        slot = new Slot(name.at(), null, new HclDraft(name.at()));
        draft.slots.put(name.text(), slot);
      }
      if (slot.labelled() == null) {
        problems.addDuplicate(name.text(), name.at(), slot.at());
        return;
      }
      draft = slot.labelled();
    }
    draft.put(path.get(path.size() - 1), body, problems);
  }

  MapNode finish() {
    return new MapNode(
        at,
        slots.entrySet().stream()
            .map(e -> new MapNode.Entry(e.getKey(), e.getValue().at(), node(e.getValue())))
            .toList());
  }

  private static Node node(Slot slot) {
    if (slot.value() != null) {
      return slot.value();
    }
    if (slot.labelled() != null) {
      return slot.labelled().finish();
    }
    throw new IllegalStateException("a slot holds a value or a draft");
  }
}
