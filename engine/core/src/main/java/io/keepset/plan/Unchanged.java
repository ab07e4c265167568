package io.keepset.plan;

import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Databases in which the last plan found nothing to do, so that the next need not compare them
 * again. What is remembered holds for the same objects only: whoever has something new to say about
 * a database says it with a new object. Not for several threads at once.
 */
public final class Unchanged {
  private Map<TargetId, Known> known = Map.of();

  private record Known(Resolved declared, LiveTarget live, Change change) {
    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(Resolved otherDeclared, LiveTarget otherLive) {
      return declared == otherDeclared && live == otherLive;
    }
  }

  Pass pass() {
    return new Pass();
  }

  /** One plan: recalls what the last one knew, and keeps it for the next. */
  final class Pass {
    private final Map<TargetId, Known> next = new HashMap<>(known.size() * 2);

    @Nullable Change recall(Resolved declared, LiveTarget live) {
      Known before = known.get(live.target());
      if (before == null || !before.isOf(declared, live)) {
        return null;
      }
      next.put(live.target(), before);
      return before.change();
    }

    void remember(Resolved declared, LiveTarget live, Change change) {
      next.put(live.target(), new Known(declared, live, change));
    }

    void end() {
      known = next;
    }
  }
}
