package io.keepset.plan;

import java.util.Locale;

/** What happens to one database, or what was found about it. */
public enum Action {
  CREATE,
  UPDATE,
  /** No longer declared: the schedule ends, existing backups stay. */
  DELETE,
  NONE,
  /**
   * Somebody else's settings, declared exactly as they are: Keepset takes them over and from then
   * on may change them. No setting changes, so it is no change of the plan and not in its hash.
   */
  ADOPT,
  /** Live, but in no file: a finding, nothing is done. */
  UNDECLARED,
  /** Declared, but the target can't do it: a finding and an error. */
  UNSUPPORTED;

  /** As in machine output: {@code create}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True if carrying it out changes settings on the platform. */
  public boolean writes() {
    return switch (this) {
      case CREATE, UPDATE, DELETE -> true;
      case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> false;
    };
  }

  /** True if an apply has something to do for it: it writes, or takes over. */
  public boolean acts() {
    return writes() || this == ADOPT;
  }
}
