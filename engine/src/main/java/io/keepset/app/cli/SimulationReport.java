package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.policy.PolicyFile;
import io.keepset.policy.PolicyTerms;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Decision;
import io.keepset.retention.Reason;
import io.keepset.retention.Simulated;
import io.keepset.retention.picture.RetentionPicture;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a simulation came to, for people and for machines.
 *
 * @param lived whether time was lived through until a later day, or decided at once
 */
record SimulationReport(
    PolicyTerms terms, ZoneId zone, Instant now, Simulated result, boolean lived) {

  MapNode json() {
    List<Backup> kept = result.kept();
    List<MapNode> backups = result.backups().stream().map(this::json).toList();
    MapBuilder summary =
        new MapBuilder()
            .put("backups", result.backups().size())
            .put("kept", kept.size())
            .put("in_grace", result.inGrace().size())
            .put("bytes_kept", Simulated.bytes(kept))
            .put("bytes_in_grace", Simulated.bytes(result.inGrace()))
            .putTime("oldest_kept", kept.stream().findFirst().map(Backup::time))
            .putTime("newest_kept", last(kept).map(Backup::time));
    result.longestGap().ifPresent(gap -> summary.putSeconds("longest_gap_seconds", gap.length()));
    return new MapBuilder()
        .put("now", now)
        .putTime("at", lived ? Optional.of(result.at()) : Optional.empty())
        .put("zone", zone.getId())
        .put("policy", terms.name())
        .put("retention", RetentionWords.json(terms.retention()))
        .putText("frozen", result.frozen())
        .put("summary", summary)
        .put("backups", backups)
        .build();
  }

  private MapNode json(Decision decision) {
    Backup backup = decision.backup();
    return new MapBuilder()
        .put("time", backup.time())
        .put("kept", decision.kept())
        .putTexts("reasons", decision.reasons().stream().map(Reason::text).toList())
        .put("kind", backup.kind().word())
        .put("state", backup.state().name())
        .putNumber("size", backup.size())
        .put("suspicious", backup.suspicious())
        .putTime("expired_at", backup.expiredAt())
        .putTime("delete_after", backup.deleteAfter())
        .build();
  }

  RetentionPicture picture() {
    String name = terms.name().equals(PolicyFile.GIVEN) ? "" : "Policy " + terms.name() + ": ";
    String many = Figures.count(result.made().size(), "backup");
    return new RetentionPicture(
        name + result.kept().size() + " of " + many + " kept",
        RetentionWords.line(terms.retention())
            + " · "
            + zone.getId()
            + result
                .longestGap()
                .map(gap -> " · longest gap " + Figures.age(gap.length()))
                .orElse(""),
        terms.retention(),
        zone,
        now,
        result);
  }

  /** Line by line; the first is the head of the table. */
  List<String> table() {
    TextTable table = new TextTable("TIME", "SIZE", lived ? "STATE" : "KEPT", "WHY");
    for (Decision decision : result.backups()) {
      Backup backup = decision.backup();
      table.add(
          BackupWords.time(backup.time(), zone),
          BackupWords.size(backup.size()),
          state(decision),
          why(decision));
    }
    return table.lines();
  }

  private String state(Decision decision) {
    return switch (decision.backup().state()) {
      case CREATED, RESTORING -> decision.kept() ? "kept" : "gone";
      case EXPIRED -> "in grace";
      case DELETED -> "deleted";
      case FAILED -> "failed";
      case CREATING -> "running";
    };
  }

  private String why(Decision decision) {
    Backup backup = decision.backup();
    boolean grace = backup.state() == BackupState.EXPIRED;
    String why =
        grace
            ? backup.deleteAfter().map(at -> "until " + BackupWords.time(at, zone)).orElse("")
            : decision.why();
    return backup.suspicious() ? (why + " (suspicious)").strip() : why;
  }

  List<String> summary() {
    List<String> lines = new ArrayList<>();
    List<Backup> kept = result.kept();
    List<Backup> all = result.made();
    long stored = Simulated.bytes(kept);
    String of =
        stored == 0
            ? ""
            : ": " + Figures.size(stored) + " of " + Figures.size(Simulated.bytes(all));
    lines.add(
        Figures.time(result.at(), zone)
            + "  kept "
            + kept.size()
            + " of "
            + Figures.count(all.size(), "backup")
            + of);
    if (lived) {
      List<Backup> grace = result.inGrace();
      long bytes = Simulated.bytes(grace);
      lines.add(
          grace.size() + " more in their grace" + (bytes == 0 ? "" : ": " + Figures.size(bytes)));
    }
    result.frozen().ifPresent(why -> lines.add("nothing expires, because the " + why));
    kept.stream()
        .findFirst()
        .ifPresent(
            oldest ->
                lines.add(
                    "oldest kept " + BackupWords.time(oldest.time(), zone) + age(oldest.time())));
    result
        .longestGap()
        .ifPresent(
            gap ->
                lines.add(
                    "longest gap "
                        + Figures.age(gap.length())
                        + ", from "
                        + Figures.time(gap.from(), zone)
                        + " to "
                        + Figures.time(gap.to(), zone)));
    return lines;
  }

  private String age(Instant time) {
    return time.isAfter(result.at())
        ? ""
        : ", " + Figures.age(Duration.between(time, result.at())) + " old";
  }

  private static Optional<Backup> last(List<Backup> backups) {
    return backups.isEmpty() ? Optional.empty() : Optional.of(backups.get(backups.size() - 1));
  }
}
