package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What stands below a change in {@link PlanText}: fields, next runs, impact. */
final class ChangeText {
  private static final String FIELD = "      ";
  private static final String DETAIL = "        ";
  private static final int PATH_WIDTH = 17;
  private static final int VALUE_WIDTH = 10;
  private static final int LONGEST_PADDED_VALUE = 60;

  private ChangeText() {}

  static void details(Change change, Paint paint, StringBuilder out) {
    switch (change.action()) {
      case CREATE -> created(change, paint, out);
      case UPDATE -> updated(change, paint, out);
      case DELETE -> deleted(change, out);
      case NONE, UNDECLARED, UNSUPPORTED ->
          throw new IllegalStateException("nothing is written: " + change.target());
    }
  }

  private static void created(Change change, Paint paint, StringBuilder out) {
    Protection after = change.after().orElseThrow();
    for (Schedule schedule : after.schedules().values()) {
      StringBuilder value = new StringBuilder(schedule.cron().text());
      value.append(' ').append(schedule.zone().getId());
      Iterator<NextRun> runs = runsOf(change, schedule.name()).iterator();
      if (runs.hasNext()) {
        value.append(", next ").append(Figures.timeWithOffset(runs.next().at()));
      }
      line("schedule." + schedule.name(), value.toString(), out);
      while (runs.hasNext()) {
        out.append(DETAIL).append("then ").append(Figures.timeWithOffset(runs.next().at()));
        out.append('\n');
      }
    }
    String kept = kept(after.retention());
    if (!kept.isEmpty()) {
      line("retention", kept, out);
    }
    for (FieldChange field : change.fields()) {
      String head = Grading.head(field.path());
      boolean moves = field.grade() == Grade.WEAKENS;
      if (moves || head.equals("point_in_time") || head.equals("backups")) {
        String value = Figures.plain(field.after().orElse("none"));
        line(Figures.plain(field.path()), moves ? weak(value, paint) : value, out);
      }
    }
    impact(change, after.zone(), out);
  }

  private static String weak(String value, Paint paint) {
    return value + "     " + paint.grade(Grade.WEAKENS);
  }

  private static void line(String path, String value, StringBuilder out) {
    out.append(FIELD);
    PlanText.pad(out, path, PATH_WIDTH);
    out.append(value).append('\n');
  }

  private static void updated(Change change, Paint paint, StringBuilder out) {
    int pathWidth = PATH_WIDTH;
    int valueWidth = VALUE_WIDTH;
    for (FieldChange field : change.fields()) {
      pathWidth = Math.max(pathWidth, field.path().length());
      valueWidth = Math.max(valueWidth, value(field).length());
    }
    valueWidth = Math.min(valueWidth, LONGEST_PADDED_VALUE);
    for (FieldChange field : change.fields()) {
      out.append(FIELD);
      PlanText.pad(out, Figures.plain(field.path()), pathWidth);
      PlanText.pad(out, value(field), valueWidth);
      out.append(paint.grade(field.grade()));
      place(field, change)
          .ifPresent(
              at -> {
                out.append(" ".repeat(Math.max(2, 13 - field.grade().name().length())));
                out.append(PlanText.line(at));
              });
      out.append('\n');
    }
    for (NextRun run : change.nextRuns()) {
      out.append(DETAIL).append(Figures.plain(run.schedule())).append(" next runs ");
      out.append(Figures.timeWithOffset(run.at())).append('\n');
    }
    impact(change, change.after().orElseThrow().zone(), out);
  }

  private static String value(FieldChange field) {
    return Figures.plain(field.before().orElse("none"))
        + " -> "
        + Figures.plain(field.after().orElse("none"));
  }

  /** The line of a field, where it is not the line of the database that stands above. */
  private static Optional<Location> place(FieldChange field, Change change) {
    return field
        .declaredAt()
        .filter(
            at ->
                change
                    .declaredAt()
                    .filter(own -> own.file().equals(at.file()) && own.line() == at.line())
                    .isEmpty());
  }

  private static void deleted(Change change, StringBuilder out) {
    Protection before = change.before().orElseThrow();
    out.append(FIELD).append("the schedule ends; ");
    out.append(
        before.finalBackup() ? "a final backup is taken" : "no final backup (final_backup: false)");
    List<Backup> staying = change.impact().staying();
    if (staying.isEmpty()) {
      out.append("; there are no backups\n");
      return;
    }
    long bytes = 0;
    for (Backup backup : staying) {
      bytes += backup.storedSize().orElse(backup.size().orElse(0));
    }
    ZoneId zone = before.zone();
    out.append("; ").append(Figures.count(staying.size(), "backup"));
    out.append(staying.size() == 1 ? " stays: " : " stay: ").append(Figures.size(bytes));
    out.append(", oldest ").append(Figures.time(staying.get(0).time(), zone));
    out.append(", newest ").append(Figures.time(staying.get(staying.size() - 1).time(), zone));
    out.append('\n');
  }

  private static void impact(Change change, ZoneId zone, StringBuilder out) {
    Impact impact = change.impact();
    if (impact.expiring().isEmpty()) {
      return;
    }
    int going = impact.expiring().size();
    out.append(DETAIL).append(going).append(" of ").append(impact.total());
    out.append(going == 1 ? " backups goes: " : " backups go: ");
    out.append(Figures.size(impact.freedBytes()));
    out.append(", oldest ").append(Figures.time(impact.expiring().get(0).time(), zone));
    out.append(", ").append(grace(impact.grace())).append('\n');
    out.append(DETAIL).append("recovery window ");
    out.append(impact.windowBefore().map(Figures::age).orElse("none")).append(" -> ");
    out.append(impact.windowAfter().map(Figures::age).orElse("none")).append("; ");
    out.append(
        impact
            .oldestLeft()
            .map(b -> "oldest backup left " + Figures.timeWithOffset(b.time().atZone(zone)))
            .orElse("no backup is left"));
    out.append('\n');
  }

  private static String grace(Duration grace) {
    return grace.isZero() ? "without grace" : "after " + Figures.period(grace) + " of grace";
  }

  private static List<NextRun> runsOf(Change change, String schedule) {
    List<NextRun> runs = new ArrayList<>();
    for (NextRun run : change.nextRuns()) {
      if (run.schedule().equals(schedule)) {
        runs.add(run);
      }
    }
    return runs;
  }

  private static String kept(Retention retention) {
    StringBuilder text = new StringBuilder();
    add(text, "last", retention.last());
    retention.tiers().forEach((tier, count) -> add(text, tier.word(), count));
    for (Tier tier : retention.within().keySet()) {
      text.append(text.isEmpty() ? "" : ", ").append(tier.withinKey()).append(' ');
      text.append(Figures.period(retention.within().get(tier)));
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String rule, int count) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : ", ").append(rule).append(' ').append(count);
    }
  }
}
