package io.keepset.reconcile;

import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Figures;
import java.util.Locale;

/** A report for people at a terminal. */
public final class ReportText {
  private static final int NAME_WIDTH = 14;

  private ReportText() {}

  /** One change, in one line, as it ends. */
  public static String line(Outcome outcome) {
    Change change = outcome.change();
    StringBuilder line = new StringBuilder("  ");
    line.append(outcome.status() == Outcome.Status.DONE ? mark(change.action()) : '!').append(' ');
    String name = Figures.plain(change.target().name());
    line.append(name).append(" ".repeat(Math.max(2, NAME_WIDTH - name.length())));
    line.append(what(outcome));
    return line.toString();
  }

  /** The sentence that ends a report; empty if nothing was to be written. */
  public static String summary(Report report) {
    int all = report.outcomes().size();
    if (all == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder("Applied ");
    text.append(report.count(Outcome.Status.DONE)).append(" of ");
    text.append(Figures.count(all, "change"));
    count(text, report, Outcome.Status.FAILED);
    count(text, report, Outcome.Status.SKIPPED);
    return text.append('.').toString();
  }

  private static void count(StringBuilder text, Report report, Outcome.Status status) {
    int count = report.count(status);
    if (count > 0) {
      text.append("; ").append(count).append(' ').append(status.name().toLowerCase(Locale.ROOT));
    }
  }

  private static char mark(Action action) {
    return switch (action) {
      case CREATE -> '+';
      case UPDATE -> '~';
      case DELETE -> '-';
      case ADOPT -> '=';
      case NONE, UNDECLARED, UNSUPPORTED -> ' ';
    };
  }

  private static String what(Outcome outcome) {
    Change change = outcome.change();
    String on = " on " + Figures.plain(change.target().platform());
    return switch (outcome.status()) {
      case DONE -> done(outcome);
      case FAILED -> "failed" + on + ": " + Figures.plain(outcome.message().orElse("no reason"));
      case SKIPPED -> "skipped" + on + ": " + Figures.plain(outcome.message().orElse("no reason"));
    };
  }

  private static String done(Outcome outcome) {
    Change change = outcome.change();
    String on = " on " + Figures.plain(change.target().platform());
    return switch (change.action()) {
      case CREATE -> "protected" + on;
      case UPDATE -> "changed" + on;
      case DELETE -> {
        int stay = change.impact().staying().size();
        String last = outcome.finalBackup().map(b -> ", final backup " + b.id()).orElse("");
        yield "no longer backed up"
            + on
            + last
            + (stay == 0 ? "" : "; " + Figures.count(stay, "earlier backup") + " kept");
      }
      case ADOPT -> "taken over as it is" + on;
      case NONE, UNDECLARED, UNSUPPORTED -> "untouched" + on;
    };
  }
}
