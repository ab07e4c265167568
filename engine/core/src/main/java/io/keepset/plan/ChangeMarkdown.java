package io.keepset.plan;

import static io.keepset.plan.Markup.code;
import static io.keepset.plan.Markup.cut;
import static io.keepset.plan.Markup.escaped;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** One change in a comment: in full, or as a line of a table where there are many. */
final class ChangeMarkdown {
  static final String TABLE =
      """
      | Database | Platform | Change | Backups lost | Oldest left | Line |
      |---|---|---|--:|---|---|
      """;

  private static final int FIELDS_SHOWN = 12;

  /** So many of the backups that a change costs are named. */
  private static final int CASUALTIES_SHOWN = 10;

  private ChangeMarkdown() {}

  /** What costs most stands first; what costs the same stays in the order of names. */
  static int cost(Change change) {
    Impact impact = change.impact();
    return impact.casualties().size() + impact.outOfReach().size();
  }

  /** The same in a line, with the end of the line. */
  static String row(Change change) {
    int sooner = change.impact().sooner().size();
    String lost = Integer.toString(cost(change)) + (sooner > 0 ? ", " + sooner + " sooner" : "");
    return "| "
        + escaped(cut(change.target().name()))
        + " | "
        + escaped(cut(change.target().platform()))
        + " | "
        + escaped(worst(change))
        + " | "
        + lost
        + " | "
        + oldestLeft(change)
        + " | "
        + change.declaredAt().map(at -> escaped(cut(PlanText.line(at)))).orElse("")
        + " |\n";
  }

  /** The first field that weakens, or the first of all. */
  private static String worst(Change change) {
    return switch (change.action()) {
      case CREATE -> "is created";
      case DELETE -> "is no longer declared";
      case ADOPT -> "is taken over";
      case NONE, UNDECLARED, UNSUPPORTED -> "";
      case UPDATE -> {
        FieldChange worst = change.fields().get(0);
        for (FieldChange field : change.fields()) {
          if (field.grade() == Grade.WEAKENS && worst.grade() != Grade.WEAKENS) {
            worst = field;
          }
        }
        int more = change.fields().size() - 1;
        yield worst.path()
            + " "
            + worst.before().map(Markup::cut).orElse("none")
            + " → "
            + worst.after().map(Markup::cut).orElse("none")
            + (more > 0 ? ", " + more + " more" : "");
      }
    };
  }

  private static String oldestLeft(Change change) {
    if (change.impact().before().count() == 0) {
      return "";
    }
    ZoneId zone = change.afterOrBefore().map(Protection::zone).orElse(ZoneOffset.UTC);
    return change
        .impact()
        .oldestLeft()
        .map(backup -> LocalDate.ofInstant(backup.time(), zone).toString())
        .orElse("none");
  }

  /** In full, without the backups that it costs. */
  static String text(Change change) {
    StringBuilder text = new StringBuilder("- **");
    text.append(escaped(cut(change.target().name()))).append("** ");
    text.append(what(change));
    change.declaredAt().ifPresent(at -> text.append(", ").append(code(PlanText.line(at))));
    for (Diagnostic finding : change.findings()) {
      item(text, escaped(finding.message()) + " " + code(finding.code()));
      if (finding.hint() != null) {
        item(text, "Hint: " + escaped(finding.hint()));
      }
    }
    switch (change.action()) {
      case CREATE -> created(change, text);
      case UPDATE -> updated(change, text);
      case DELETE -> item(text, escaped(Consequences.ofEnding(change)));
      case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> {}
    }
    for (String line : Consequences.of(change)) {
      item(text, "**" + escaped(line) + "**");
    }
    return text.toString();
  }

  /** Folded, oldest first: which they are, and the day on which each is deleted. */
  static String casualties(Change change) {
    List<Casualty> all = change.impact().casualties();
    if (all.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    ZoneId zone = change.afterOrBefore().map(Protection::zone).orElse(ZoneOffset.UTC);
    text.append("\n  - <details><summary>")
        .append(all.size() == 1 ? "the backup" : "the " + all.size() + " backups")
        .append("</summary>");
    for (Casualty casualty : all.subList(0, Math.min(CASUALTIES_SHOWN, all.size()))) {
      Backup backup = casualty.backup();
      text.append(code(backup.id()))
          .append(", ")
          .append(Figures.time(backup.time(), zone))
          .append(", ")
          .append(backup.kind().word())
          .append(", ")
          .append(Figures.size(Impact.bytes(List.of(backup))))
          .append(
              casualty
                  .deleted()
                  .map(at -> ", deleted " + Figures.timeWithOffset(at.atZone(zone)))
                  .orElse(", day of deletion not known"))
          .append("<br>");
    }
    if (all.size() > CASUALTIES_SHOWN) {
      text.append("… and ").append(all.size() - CASUALTIES_SHOWN).append(" more");
    }
    return text.append("</details>").toString();
  }

  private static String what(Change change) {
    String platform = escaped(cut(change.target().platform()));
    String engineOnPlatform =
        change.afterOrBefore().map(Protection::engine).map(e -> escaped(e) + " on ").orElse("")
            + platform;
    return switch (change.action()) {
      case CREATE -> "is created: " + engineOnPlatform;
      case UPDATE -> "changes: " + engineOnPlatform;
      case DELETE -> "is no longer declared: " + engineOnPlatform;
      case UNSUPPORTED -> "can't be protected as declared: " + engineOnPlatform;
      case UNDECLARED -> "is live on " + platform + " but in no file";
      case ADOPT -> "is taken over as it is: " + engineOnPlatform;
      case NONE -> engineOnPlatform;
    };
  }

  private static void created(Change change, StringBuilder text) {
    Protection after = change.after().orElseThrow();
    after
        .schedules()
        .values()
        .forEach(
            s ->
                item(
                    text,
                    code("schedule." + s.name())
                        + " "
                        + code(s.cron().text() + " " + s.zone().getId())));
    String kept = ChangeText.kept(after.retention());
    if (!kept.isEmpty()) {
      item(text, code("retention") + " " + escaped(kept));
    }
  }

  private static void updated(Change change, StringBuilder text) {
    int shown = 0;
    for (FieldChange field : change.fields()) {
      if (shown++ == FIELDS_SHOWN) {
        int left = change.fields().size() - FIELDS_SHOWN;
        item(text, "… and " + Figures.count(left, "more field"));
        break;
      }
      item(
          text,
          code(field.path())
              + " "
              + field.before().map(Markup::code).orElse("none")
              + " → "
              + field.after().map(Markup::code).orElse("none")
              + (field.grade() == Grade.WEAKENS ? " **weakens**" : "")
              + field.declaredAt().map(at -> ", " + code(PlanText.line(at))).orElse(""));
    }
  }

  private static void item(StringBuilder text, String item) {
    text.append("\n  - ").append(item);
  }
}
