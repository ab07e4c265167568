package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The sentences that say what a change costs, the same in text and markdown. */
final class Consequences {
  private Consequences() {}

  /** Everything that the impact of a change has to say, a line each. */
  static List<String> of(Change change) {
    Impact impact = change.impact();
    Optional<Protection> protection = change.afterOrBefore();
    if (protection.isEmpty()) {
      return List.of();
    }
    ZoneId zone = protection.get().zone();
    List<String> lines = new ArrayList<>();
    List<Casualty> originals = originals(impact);
    if (!originals.isEmpty()) {
      lines.add(casualties(originals, impact, zone));
    }
    List<Casualty> copies = new ArrayList<>(impact.casualties());
    copies.removeAll(originals);
    if (!copies.isEmpty()) {
      lines.add(copies(copies, impact));
    }
    if (!impact.sooner().isEmpty()) {
      lines.add(sooner(impact, zone));
    }
    if (!impact.returning().isEmpty()) {
      int count = impact.returning().size();
      lines.add(
          Figures.count(count, "backup")
              + (count == 1 ? " in grace is kept again: " : " in grace are kept again: ")
              + Figures.size(Impact.bytes(impact.returning())));
    }
    boolean narrower = !impact.casualties().isEmpty() || !impact.before().equals(impact.after());
    if (impact.costs() && narrower && impact.outOfReach().isEmpty()) {
      lines.add(reach(impact, zone));
    }
    lines.addAll(impact.effects());
    return lines;
  }

  private static List<Casualty> originals(Impact impact) {
    List<Casualty> originals = new ArrayList<>();
    for (Casualty casualty : impact.casualties()) {
      if (casualty.backup().kind() != BackupKind.COPY) {
        originals.add(casualty);
      }
    }
    return originals;
  }

  private static String casualties(List<Casualty> going, Impact impact, ZoneId zone) {
    return going.size()
        + " of "
        + impact.total()
        + (going.size() == 1 ? " backups goes: " : " backups go: ")
        + size(going)
        + ", oldest "
        + Figures.time(going.get(0).backup().time(), zone)
        + ", "
        + grace(impact.grace())
        + onsets(going);
  }

  private static String copies(List<Casualty> going, Impact impact) {
    TreeSet<String> stores = new TreeSet<>();
    going.forEach(casualty -> casualty.backup().store().ifPresent(stores::add));
    return Figures.count(going.size(), "copy", "copies")
        + " in "
        + String.join(", ", stores)
        + (going.size() == 1 ? " goes: " : " go: ")
        + size(going)
        + ", "
        + grace(impact.grace())
        + onsets(going);
  }

  private static String size(List<Casualty> going) {
    List<Backup> backups = new ArrayList<>();
    going.forEach(casualty -> backups.add(casualty.backup()));
    return Figures.size(Impact.bytes(backups));
  }

  /** What of it does not begin with the apply. */
  private static String onsets(List<Casualty> going) {
    StringBuilder text = new StringBuilder();
    for (Onset onset : Onset.values()) {
      int count = 0;
      for (Casualty casualty : going) {
        count += casualty.onset() == onset ? 1 : 0;
      }
      if (count > 0 && onset != Onset.AT_ONCE) {
        String who = count == going.size() ? "" : count + " of them ";
        text.append("; ").append(who).append(words(onset));
      }
    }
    return text.toString();
  }

  private static String words(Onset onset) {
    return switch (onset) {
      case AT_ONCE -> "at once";
      case NEXT_RUN -> "with the next run";
      case GOOD_RUN -> "with the next good run, as the newest one is bad";
      case RESTORE_END -> "when the restore that reads it has ended";
      case GRACE_END -> "in grace already, from which the old rules would bring it back";
      case LATER -> "later";
    };
  }

  private static String sooner(Impact impact, ZoneId zone) {
    Casualty first = impact.sooner().get(0);
    for (Casualty casualty : impact.sooner()) {
      first = expires(casualty).isBefore(expires(first)) ? casualty : first;
    }
    int count = impact.sooner().size();
    return count
        + (impact.casualties().isEmpty() ? "" : " more")
        + (count == 1 ? " backup expires" : " backups expire")
        + " sooner than before, as runs go on: "
        + (count == 1 ? "on " : "the first on ")
        + Figures.time(expires(first), zone)
        + first.otherwise().map(at -> " instead of " + Figures.time(at, zone)).orElse("");
  }

  private static Instant expires(Casualty casualty) {
    return casualty.expires().orElse(Instant.MAX);
  }

  private static String reach(Impact impact, ZoneId zone) {
    Span before = impact.before();
    Span after = impact.after();
    StringBuilder text = new StringBuilder("recovery window ");
    text.append(before.window().map(Figures::age).orElse("none"));
    text.append(" -> ").append(after.window().map(Figures::age).orElse("none"));
    String gapBefore = before.longestGap().map(Figures::age).orElse("none");
    String gapAfter = after.longestGap().map(Figures::age).orElse("none");
    if (!gapBefore.equals(gapAfter)) {
      text.append(", longest gap ").append(gapBefore).append(" -> ").append(gapAfter);
    }
    return text.append("; ")
        .append(
            after
                .oldest()
                .map(b -> "oldest backup left " + Figures.timeWithOffset(b.time().atZone(zone)))
                .orElse("no backup is left"))
        .toString();
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
