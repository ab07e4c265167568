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

  /**
   * True if a rule, a hold or a restore wants it. One that stays only because nothing expires now
   * is kept, and unwanted.
   */
  public boolean wanted() {
    for (Reason reason : reasons) {
      if (!reason.rule().equals(Reason.FROZEN)) {
        return true;
      }
    }
    return false;
  }

  /** For people: {@code daily 3/30, monthly 2/12}; empty if it expires. */
  public String why() {
    return reasons.stream().map(Reason::text).collect(Collectors.joining(", "));
  }
}
