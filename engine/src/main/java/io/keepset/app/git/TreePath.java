package io.keepset.app.git;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Paths inside of a commit's tree. */
final class TreePath {
  private TreePath() {}

  /** What a link at a path names, from the top of the repository; null if it leads out of it. */
  static @Nullable String resolve(String link, String target) {
    if (target.startsWith("/") || target.indexOf('\0') >= 0) {
      return null;
    }
    Deque<String> steps = new ArrayDeque<>();
    int parent = link.lastIndexOf('/');
    String whole = parent < 0 ? target : link.substring(0, parent) + "/" + target;
    for (String step : whole.split("/", -1)) {
      if (step.equals("..")) {
        if (steps.pollLast() == null) {
          return null;
        }
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    return String.join("/", steps);
  }
}
