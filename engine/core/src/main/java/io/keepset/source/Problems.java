package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The mistakes of one file, in the order of the file. Past a hundred they are only counted: a file
 * made to have a million of them costs no more than that.
 */
final class Problems {
  private static final int MOST = 100;
  private static final Comparator<Diagnostic> IN_FILE_ORDER =
      Comparator.comparing(Diagnostic::at, Comparator.nullsLast(Comparator.naturalOrder()));

  private final List<Diagnostic> kept = new ArrayList<>();
  private int more;
  private boolean broken;

  /** A mistake after which the tree still says what the author wrote. */
  void add(Diagnostic diagnostic) {
    if (kept.size() < MOST) {
      kept.add(diagnostic);
    } else {
      more++;
    }
  }

  /** A mistake that leaves a hole in the tree: what was read is not to be judged further. */
  void addBreaking(Diagnostic diagnostic) {
    broken = true;
    add(diagnostic);
  }

  /** The second of two equal keys; the first one counts. */
  void addDuplicate(String key, Location second, Location first) {
    add(
        Diagnostic.error(
                "source.duplicate-key",
                Words.quote(key) + " stands twice here, the first time at " + first,
                second)
            .withHint("keep one of the two"));
  }

  boolean broken() {
    return broken;
  }

  List<Diagnostic> all() {
    List<Diagnostic> all = new ArrayList<>(kept);
    all.sort(IN_FILE_ORDER);
    if (more > 0) {
      all.add(
          Diagnostic.error(
              "source.too-many",
              "and " + more + " more mistakes in this file",
              all.get(all.size() - 1).at()));
    }
    return all;
  }
}
