package io.keepset.plan;

import java.util.Locale;

/** What happens to one database, or what was found about it. */
public enum Action {
  CREATE,
  UPDATE,
  /** No longer declared: the schedule ends, existing backups stay. */
  DELETE,
  NONE,
  /** Live, but in no file: a finding, nothing is done. */
  UNDECLARED,
  /** Declared, but the target can't do it: a finding and an error. */
  UNSUPPORTED;

  /** As in machine output: {@code create}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True if carrying it out writes to the platform. */
  public boolean writes() {
    return switch (this) {
      case CREATE, UPDATE, DELETE -> true;
      case NONE, UNDECLARED, UNSUPPORTED -> false;
    };
  }
}
