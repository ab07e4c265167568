package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sentences that say what a change costs, the same in text and markdown. */
final class Consequences {
  private Consequences() {}

  /** Which backups go and what is left; nothing if none goes. */
  static List<String> ofRetention(Change change) {
    Impact impact = change.impact();
    Optional<Protection> protection = change.afterOrBefore();
    if (impact.expiring().isEmpty() || protection.isEmpty()) {
      return List.of();
    }
    ZoneId zone = protection.get().zone();
    int going = impact.expiring().size();
    return List.of(
        going
            + " of "
            + impact.total()
            + (going == 1 ? " backups goes: " : " backups go: ")
            + Figures.size(impact.freedBytes())
            + ", oldest "
            + Figures.time(impact.expiring().get(0).time(), zone)
            + ", "
            + grace(impact.grace()),
        "recovery window "
            + impact.windowBefore().map(Figures::age).orElse("none")
            + " -> "
            + impact.windowAfter().map(Figures::age).orElse("none")
            + "; "
            + impact
                .oldestLeft()
                .map(b -> "oldest backup left " + Figures.timeWithOffset(b.time().atZone(zone)))
                .orElse("no backup is left"));
  }

  /** What another place, another key or none means for the backups that are there. */
  static List<String> ofStore(Change change) {
    List<String> lines = new ArrayList<>();
    if (StoreGrading.moves(change)) {
      lines.add(
          "the store moves: its earlier backups stay in the old place, out of reach under this name");
    }
    if (StoreGrading.turnsEncryptionOff(change)) {
      lines.add("new backups lie in clear text");
    } else if (StoreGrading.changesKey(change)) {
      lines.add("earlier backups open only if their key is among those at the new reference");
    }
    return lines;
  }

  private static String grace(Duration grace) {
    return grace.isZero() ? "without grace" : "after " + Figures.period(grace) + " of grace";
  }

  /** What ends and what stays when a database is no longer declared. */
  static String ofEnding(Change change) {
    Protection before = change.before().orElseThrow();
    StringBuilder text = new StringBuilder("the schedule ends; ");
    text.append(
        before.finalBackup() ? "a final backup is taken" : "no final backup (final_backup: false)");
    List<Backup> staying = change.impact().staying();
    if (staying.isEmpty()) {
      return text.append("; there are no backups").toString();
    }
    long bytes = 0;
    for (Backup backup : staying) {
      bytes += backup.storedSize().orElse(backup.size().orElse(0));
    }
    text.append("; ").append(Figures.count(staying.size(), "backup"));
    text.append(staying.size() == 1 ? " stays: " : " stay: ").append(Figures.size(bytes));
    text.append(", oldest ").append(Figures.time(staying.get(0).time(), before.zone()));
    text.append(", newest ");
    text.append(Figures.time(staying.get(staying.size() - 1).time(), before.zone()));
    return text.toString();
  }
}
