package io.keepset.plan;

import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Databases in which the last plan found nothing to do, so that the next need not compare them
 * again. What is remembered holds for the same objects only: whoever has something new to say about
 * a database says it with a new object. Not for several threads at once.
 */
public final class Unchanged {
  private List<Known> known = List.of();

  private record Known(Resolved declared, LiveTarget live, Change change) {
    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(Resolved otherDeclared, LiveTarget otherLive) {
      return declared == otherDeclared && live == otherLive;
    }

    TargetId target() {
      return live.target();
    }
  }

  Pass pass() {
    return new Pass();
  }

  /** One plan, target by target in their order: recalls what the last one knew, for the next. */
  final class Pass {
    private final List<Known> next = new ArrayList<>(known.size() + 10);
    private int at;

    @Nullable Change recall(Resolved declared, LiveTarget live) {
      while (at < known.size() && known.get(at).target().compareTo(live.target()) < 0) {
        at++;
      }
      if (at == known.size() || !known.get(at).isOf(declared, live)) {
        return null;
      }
      next.add(known.get(at));
      return known.get(at).change();
    }

    void remember(Resolved declared, LiveTarget live, Change change) {
      next.add(new Known(declared, live, change));
    }

    void end() {
      known = next;
    }
  }
}
