package io.keepset.retention;

/** Where a backup is in its life. */
public enum BackupState {
  /** Being written; becomes CREATED or FAILED. */
  CREATING,
  /** Complete and verified: it counts. */
  CREATED,
  /** Complete, and being read by a restore: can't be deleted. */
  RESTORING,
  /** The run failed; nothing can be restored from it. */
  FAILED,
  /** No longer kept by the policy; restorable until its grace ends. */
  EXPIRED,
  /** Its bytes are gone; the entry stays as history. */
  DELETED
}
