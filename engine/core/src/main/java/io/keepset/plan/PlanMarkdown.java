package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A plan as the comment on a pull request: what a reviewer must not overlook comes first, the rest
 * is folded. Stays below the length that code hosts allow for a comment; what does not fit is
 * counted.
 */
public final class PlanMarkdown {
  /** No comment is longer than this, in characters. */
  public static final int LIMIT = 60_000;

  /** What the closing lines may take; entries stop before it. */
  private static final int RESERVED = 2_000;

  private static final int FIELDS_SHOWN = 12;
  private static final int VALUE_SHOWN = 80;

  /** So many of the backups that a change costs are named, of so many changes. */
  private static final int CASUALTIES_SHOWN = 10;

  private static final int CHANGES_WITH_CASUALTIES_SHOWN = 20;

  private final Plan plan;
  private final List<Diagnostic> refusals;
  private final Optional<ApprovalRequest> request;
  private final StringBuilder out = new StringBuilder();
  private int named;

  private PlanMarkdown(Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request) {
    this.plan = plan;
    this.refusals = refusals;
    this.request = request;
  }

  /**
   * @param refusals what the guards said, in order
   */
  public static String print(Plan plan, List<Diagnostic> refusals) {
    return print(plan, refusals, Optional.empty());
  }

  /**
   * @param refusals what the guards said, in order
   * @param request the approval that would let it pass
   */
  public static String print(
      Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request) {
    PlanMarkdown markdown = new PlanMarkdown(plan, refusals, request);
    markdown.print();
    return markdown.out.toString();
  }

  private void print() {
    out.append("## Keepset plan for ").append(escaped(plan.revision().describe())).append("\n\n");
    out.append("**").append(PlanSummary.counts(plan)).append("**\n");
    List<Change> weakening = new ArrayList<>();
    List<Change> findings = new ArrayList<>();
    List<Change> rest = new ArrayList<>();
    for (Change change : plan.changes()) {
      switch (change.action()) {
        case UNSUPPORTED, UNDECLARED -> findings.add(change);
        case CREATE, UPDATE, DELETE, ADOPT -> (change.weakens() ? weakening : rest).add(change);
        case NONE -> {}
      }
    }
    weakening.sort(Comparator.comparingInt(PlanMarkdown::cost).reversed());
    diagnostics("Refused", refusals, LIMIT / 4);
    request.ifPresent(this::request);
    total(weakening);
    section("Weakens", weakening);
    section("Findings", findings);
    diagnostics("Notes", plan.notes(), out.length() + LIMIT / 10);
    folded(rest);
    closing();
  }

  /** What costs most stands first; what costs the same stays in the order of names. */
  private static int cost(Change change) {
    Impact impact = change.impact();
    return impact.casualties().size() + impact.outOfReach().size();
  }

  /** All that the plan costs, in a line: a reader of hundreds of changes reads this one. */
  private void total(List<Change> weakening) {
    int databases = 0;
    int backups = 0;
    long bytes = 0;
    for (Change change : weakening) {
      databases += cost(change) > 0 ? 1 : 0;
      backups += cost(change);
      bytes += change.impact().freedBytes() + Impact.bytes(change.impact().outOfReach());
    }
    if (backups > 0) {
      out.append("\n**It costs ")
          .append(Figures.count(backups, "backup"))
          .append(" (")
          .append(Figures.size(bytes))
          .append(") of ")
          .append(Figures.count(databases, "database"))
          .append(".**\n");
    }
  }

  private void diagnostics(String title, List<Diagnostic> diagnostics, int end) {
    if (diagnostics.isEmpty()) {
      return;
    }
    List<String> entries = new ArrayList<>();
    for (Diagnostic diagnostic : diagnostics) {
      String at = diagnostic.at() == null ? "" : code(PlanText.line(diagnostic.at())) + ": ";
      String hint = diagnostic.hint() == null ? "" : "\n  <br>Hint: " + escaped(diagnostic.hint());
      entries.add("- " + at + escaped(diagnostic.message()) + " " + code(diagnostic.code()) + hint);
    }
    out.append("\n### ").append(title).append("\n\n");
    entries(entries, title.equals("Refused") ? "refusal" : "note", end);
  }

  /** The block to paste. Names and hashes only, so nothing in it can end the fence. */
  private void request(ApprovalRequest asked) {
    String text = asked.text();
    if (text.length() > LIMIT / 4) {
      out.append(
          "\nThe approval that it needs is too long for a comment; keepset plan prints it.\n");
      return;
    }
    out.append("\nTo agree to it, put this into a policy file, such as ")
        .append(code(asked.file()))
        .append(":\n\n````")
        .append(asked.spelling().word())
        .append('\n')
        .append(text)
        .append("````\n");
  }

  private void section(String title, List<Change> changes) {
    if (!changes.isEmpty()) {
      out.append("\n### ").append(title).append("\n\n");
      entries(texts(changes), title.equals("Findings") ? "finding" : "change", LIMIT - RESERVED);
    }
  }

  private void folded(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    out.append("\n<details><summary>")
        .append(Figures.count(changes.size(), "change"))
        .append(changes.size() == 1 ? " that does" : " that do")
        .append(" not weaken anything</summary>\n\n");
    entries(texts(changes), "change", LIMIT - RESERVED);
    out.append("\n</details>\n");
  }

  /** As many as fit, and how many did not. */
  private void entries(List<String> entries, String noun, int end) {
    int shown = 0;
    while (shown < entries.size() && out.length() + entries.get(shown).length() < end) {
      out.append(entries.get(shown)).append('\n');
      shown++;
    }
    int left = entries.size() - shown;
    if (left > 0) {
      out.append("- … and ").append(Figures.count(left, "more " + noun)).append('\n');
    }
  }

  private List<String> texts(List<Change> changes) {
    List<String> texts = new ArrayList<>(changes.size());
    for (Change change : changes) {
      texts.add(text(change));
    }
    return texts;
  }

  private String text(Change change) {
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
    if (!change.impact().casualties().isEmpty() && named < CHANGES_WITH_CASUALTIES_SHOWN) {
      named++;
      casualties(change, text);
    }
    return text.toString();
  }

  /** Folded, oldest first: which they are, and the day on which each is deleted. */
  private static void casualties(Change change, StringBuilder text) {
    List<Casualty> all = change.impact().casualties();
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
    text.append("</details>");
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
              + field.before().map(PlanMarkdown::code).orElse("none")
              + " → "
              + field.after().map(PlanMarkdown::code).orElse("none")
              + (field.grade() == Grade.WEAKENS ? " **weakens**" : "")
              + field.declaredAt().map(at -> ", " + code(PlanText.line(at))).orElse(""));
    }
  }

  private void closing() {
    List<String> held = new ArrayList<>();
    for (Change change : plan.heldBack()) {
      held.add(escaped(cut(change.target().name())));
    }
    if (!held.isEmpty()) {
      out.append('\n').append(PlanSummary.held(plan, held)).append('\n');
    }
    if (plan.hasChanges()) {
      out.append("\nPlan hash ").append(code(PlanSummary.shortHash(plan))).append('\n');
    }
  }

  private static void item(StringBuilder text, String item) {
    text.append("\n  - ").append(item);
  }

  private static String code(String text) {
    return "<code>" + escaped(cut(text)) + "</code>";
  }

  private static String cut(String text) {
    if (text.length() <= VALUE_SHOWN) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(VALUE_SHOWN - 1));
    return text.substring(0, VALUE_SHOWN - (splitsPair ? 1 : 0)) + "…";
  }

  /** So that nothing from a file or a platform is markup, a link or somebody's name to notify. */
  private static String escaped(String text) {
    String plain = Figures.plain(text);
    StringBuilder result = new StringBuilder(plain.length() + 16);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if ("&<>\"`*_[]|\\~#@".indexOf(c) >= 0) {
        result.append("&#").append((int) c).append(';');
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }
}
