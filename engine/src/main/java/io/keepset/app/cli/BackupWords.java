package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;

/** How backups are described to people. */
final class BackupWords {
  private static final int LONGEST_REASON = 60;

  private BackupWords() {}

  static String time(Instant time, ZoneId zone) {
    return Figures.timeWithOffset(time.atZone(zone));
  }

  static String size(OptionalLong size) {
    return size.isPresent() ? Figures.size(size.getAsLong()) : "-";
  }

  /** {@code scheduled}, {@code copy dr}. */
  static String kind(Backup backup) {
    return backup.kind().word() + backup.copyOf().map(of -> " " + of.name()).orElse("");
  }

  /** {@code frankfurt: orders-… CREATED}. */
  static String copied(Backup copy) {
    return copy.store().orElse("-") + ": " + copy.id() + " " + state(copy);
  }

  static String state(Backup backup) {
    return backup.suspicious() && backup.state() == BackupState.CREATED
        ? "CREATED (suspicious)"
        : backup.state().name();
  }

  /** A table is read by line; the whole reason is in {@code backup show}. */
  private static String shortened(String error, String id) {
    String line = error.lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON
        ? line
        : line.substring(0, LONGEST_REASON).stripTrailing() + "… (keepset backup show " + id + ")";
  }

  /** What there is to say about where it goes, next to its reasons to stay. */
  static String outlook(Backup backup, Optional<String> why, ZoneId zone) {
    return switch (backup.state()) {
      case CREATING -> "its run is under way";
      case RESTORING -> "a restore reads it";
      case FAILED -> shortened(Figures.plain(backup.error().orElse("")), backup.id());
      case DELETED -> "";
      case EXPIRED -> backup.deleteAfter().map(at -> "goes after " + time(at, zone)).orElse("goes");
      case CREATED ->
          why.map(reasons -> reasons.isEmpty() ? "expires with the next pass" : reasons)
              .orElse(
                  backup.kind() == BackupKind.COPY
                      ? "no policy has this copy: it stays until somebody deletes it"
                      : "no policy is in force: it stays until somebody deletes it");
    };
  }
}
