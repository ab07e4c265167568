package io.keepset.plan;

import static io.keepset.plan.Markup.code;
import static io.keepset.plan.Markup.cut;
import static io.keepset.plan.Markup.escaped;

import io.keepset.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** So many changes of a kind are shown in full, the costliest; the others are a line each. */
  private static final int IN_FULL = 20;

  private static final int OF_EACH_CODE = 3;

  private final Plan plan;
  private final List<Diagnostic> refusals;
  private final Optional<ApprovalRequest> request;
  private final StringBuilder out = new StringBuilder();

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
    weakening.sort(Comparator.comparingInt(ChangeMarkdown::cost).reversed());
    refused();
    weakens(weakening, findings.isEmpty() ? LIMIT - RESERVED : LIMIT - RESERVED - LIMIT / 20);
    findings(findings);
    diagnostics("Notes", plan.notes(), Math.min(out.length() + LIMIT / 10, LIMIT - RESERVED));
    folded(rest);
    closing();
  }

  /** All that the plan costs, in a line: a reader of hundreds of changes reads this one. */
  private void total(List<Change> weakening) {
    int databases = 0;
    int backups = 0;
    long bytes = 0;
    for (Change change : weakening) {
      databases += ChangeMarkdown.cost(change) > 0 ? 1 : 0;
      backups += ChangeMarkdown.cost(change);
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

  /** Where there are many, some of each code, so that a rare one is not lost among the others. */
  private void refused() {
    if (refusals.size() <= IN_FULL) {
      diagnostics("Refused", refusals, LIMIT / 4);
      return;
    }
    Map<String, List<Diagnostic>> byCode = new LinkedHashMap<>();
    for (Diagnostic refusal : refusals) {
      byCode.computeIfAbsent(refusal.code(), unused -> new ArrayList<>()).add(refusal);
    }
    out.append("\n### Refused\n\n");
    int end = LIMIT / 4;
    for (Map.Entry<String, List<Diagnostic>> alike : byCode.entrySet()) {
      List<Diagnostic> all = alike.getValue();
      int shown = 0;
      for (Diagnostic refusal : all.subList(0, Math.min(OF_EACH_CODE, all.size()))) {
        String entry = text(refusal) + "\n";
        if (out.length() + entry.length() < end) {
          out.append(entry);
          shown++;
        }
      }
      if (shown < all.size()) {
        out.append("- … and ").append(Figures.count(all.size() - shown, "more refusal"));
        out.append(' ').append(code(alike.getKey())).append('\n');
      }
    }
  }

  private void diagnostics(String title, List<Diagnostic> diagnostics, int end) {
    if (diagnostics.isEmpty()) {
      return;
    }
    List<String> entries = new ArrayList<>();
    diagnostics.forEach(diagnostic -> entries.add(text(diagnostic)));
    out.append("\n### ").append(title).append("\n\n");
    entries(entries, title.equals("Refused") ? "refusal" : "note", end);
  }

  private static String text(Diagnostic diagnostic) {
    String at = diagnostic.at() == null ? "" : code(PlanText.line(diagnostic.at())) + ": ";
    String hint = diagnostic.hint() == null ? "" : "\n  <br>Hint: " + escaped(diagnostic.hint());
    return "- " + at + escaped(diagnostic.message()) + " " + code(diagnostic.code()) + hint;
  }

  /** The block to paste. Names and hashes only, so nothing in it can end the fence. */
  private static String request(ApprovalRequest asked, int room) {
    String text =
        "\nTo agree to it, put this into a policy file, such as "
            + code(asked.file())
            + ":\n\n````"
            + asked.spelling().word()
            + "\n"
            + asked.text()
            + "````\n";
    return text.length() <= Math.min(room, LIMIT / 4)
        ? text
        : "\nThe approval that it needs is too long for a comment; keepset plan prints it.\n";
  }

  /** Who loses something comes before how to agree to it, and that before the single backups. */
  private void weakens(List<Change> weakening, int end) {
    total(weakening);
    Entries entries = Entries.of(weakening, end - out.length());
    int spare = end - out.length() - entries.length();
    if (request.isPresent()) {
      String approval = request(request.get(), spare);
      out.append(approval);
      spare -= approval.length();
    }
    if (!weakening.isEmpty()) {
      out.append("\n### Weakens\n\n");
      entries.withCasualties(spare).print(out);
    }
  }

  private void findings(List<Change> findings) {
    if (!findings.isEmpty()) {
      out.append("\n### Findings\n\n");
      List<String> texts = new ArrayList<>();
      findings.forEach(change -> texts.add(ChangeMarkdown.text(change)));
      entries(texts, "finding", LIMIT - RESERVED);
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
    Entries.of(changes, LIMIT - RESERVED - out.length()).print(out);
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

  /**
   * Changes in the order in which they are shown.
   *
   * @param full the first ones, in full
   * @param rows the next ones, a line each
   * @param left how many are only counted
   */
  private record Entries(List<Change> changes, List<String> full, List<String> rows, int left) {
    static Entries of(List<Change> changes, int room) {
      List<String> full = new ArrayList<>();
      int used = ChangeMarkdown.TABLE.length();
      for (Change change : changes.subList(0, Math.min(IN_FULL, changes.size()))) {
        String text = ChangeMarkdown.text(change) + "\n";
        if (used + text.length() > room / 2) {
          break;
        }
        full.add(text);
        used += text.length();
      }
      List<String> rows = new ArrayList<>();
      for (Change change : changes.subList(full.size(), changes.size())) {
        String row = ChangeMarkdown.row(change);
        if (used + row.length() > room) {
          break;
        }
        rows.add(row);
        used += row.length();
      }
      return new Entries(changes, full, rows, changes.size() - full.size() - rows.size());
    }

    int length() {
      int length = ChangeMarkdown.TABLE.length();
      for (String text : full) {
        length += text.length();
      }
      for (String row : rows) {
        length += row.length();
      }
      return length;
    }

    /** With the backups that the changes shown in full cost, as far as there is room. */
    Entries withCasualties(int room) {
      List<String> named = new ArrayList<>();
      int spare = room;
      for (int i = 0; i < full.size(); i++) {
        String casualties = ChangeMarkdown.casualties(changes.get(i));
        boolean fits = casualties.length() < spare;
        spare -= fits ? casualties.length() : 0;
        named.add(full.get(i).stripTrailing() + (fits ? casualties : "") + "\n");
      }
      return new Entries(changes, named, rows, left);
    }

    void print(StringBuilder out) {
      full.forEach(out::append);
      if (!rows.isEmpty()) {
        out.append(full.isEmpty() ? "" : "\n").append(ChangeMarkdown.TABLE);
        rows.forEach(out::append);
      }
      if (left > 0) {
        out.append("\n… and ").append(Figures.count(left, "more change")).append('\n');
      }
    }
  }
}
