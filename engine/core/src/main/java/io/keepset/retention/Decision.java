package io.keepset.retention;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of one backup.
 *
 * @param reasons all reasons to keep it; none means that it expires
 */
public record Decision(Backup backup, List<Reason> reasons) {
  public Decision {
    reasons = List.copyOf(reasons);
  }

  public boolean kept() {
    return !reasons.isEmpty();
  }

  /** For people: {@code daily 3/30, monthly 2/12}; empty if it expires. */
  public String why() {
    return reasons.stream().map(Reason::text).collect(Collectors.joining(", "));
  }
}
