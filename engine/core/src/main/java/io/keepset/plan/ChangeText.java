package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
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
      case DELETE -> {
        out.append(FIELD).append(Consequences.ofEnding(change)).append('\n');
        impact(change, out);
      }
      case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> runs(change, out);
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
      line("schedule." + Figures.plain(schedule.name()), Figures.plain(value.toString()), out);
      while (runs.hasNext()) {
        out.append(DETAIL).append("then ").append(Figures.timeWithOffset(runs.next().at()));
        out.append('\n');
      }
    }
    String kept = kept(after.retention());
    if (!kept.isEmpty()) {
      line("retention", retentionWeakens(change) ? weak(kept, paint) : kept, out);
    }
    for (FieldChange field : change.fields()) {
      String head = Grading.head(field.path());
      boolean weakens = field.grade() == Grade.WEAKENS && !head.equals("retention");
      if (weakens || head.equals("point_in_time") || head.equals("backups")) {
        String value = Figures.plain(field.after().orElse("none"));
        line(Figures.plain(field.path()), weakens ? weak(value, paint) : value, out);
      }
    }
    impact(change, out);
  }

  /** Rules that would let go what stayed from earlier times stand in one line, and so does this. */
  private static boolean retentionWeakens(Change change) {
    for (FieldChange field : change.fields()) {
      if (field.grade() == Grade.WEAKENS && Grading.head(field.path()).equals("retention")) {
        return true;
      }
    }
    return false;
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
    runs(change, out);
    impact(change, out);
  }

  private static void runs(Change change, StringBuilder out) {
    for (NextRun run : change.nextRuns()) {
      out.append(DETAIL).append(Figures.plain(run.schedule())).append(" next runs ");
      out.append(Figures.timeWithOffset(run.at())).append('\n');
    }
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

  private static void impact(Change change, StringBuilder out) {
    for (String line : Consequences.of(change)) {
      out.append(DETAIL).append(line).append('\n');
    }
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

  static String kept(Retention retention) {
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
