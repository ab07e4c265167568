package io.keepset.retention;

import java.util.Locale;

/** How a backup came to be. */
public enum BackupKind {
  SCHEDULED,
  ON_DEMAND,
  FINAL,
  UPLOADED,
  COPY;

  /** As printed and in machine output: {@code on-demand}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
