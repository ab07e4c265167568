package io.keepset.plan;

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
  UNSUPPORTED
}
