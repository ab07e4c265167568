package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan for people at a terminal. */
public final class PlanText {
  private static final int NAME_WIDTH = 12;
  private static final int LONGEST_PADDED_NAME = 40;
  private static final int WHAT_WIDTH = 42;

  private final Plan plan;
  private final List<Diagnostic> refusals;
  private final Optional<ApprovalRequest> request;
  private final Paint paint;
  private final StringBuilder out = new StringBuilder();

  private PlanText(
      Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request, Paint paint) {
    this.plan = plan;
    this.refusals = refusals;
    this.request = request;
    this.paint = paint;
  }

  /**
   * @param refusals what the guards said, in order
   * @param colour whether the reader's terminal shows colours
   */
  public static String print(Plan plan, List<Diagnostic> refusals, boolean colour) {
    return print(plan, refusals, Optional.empty(), colour);
  }

  /**
   * @param refusals what the guards said, in order
   * @param request the approval that would let it pass
   * @param colour whether the reader's terminal shows colours
   */
  public static String print(
      Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request, boolean colour) {
    PlanText text = new PlanText(plan, refusals, request, colour ? Paint.ANSI : Paint.NONE);
    text.print();
    return text.out.toString();
  }

  private void print() {
    out.append("Plan for ")
        .append(Figures.plain(plan.revision().describe()))
        .append("  (")
        .append(Figures.count(plan.changes().size(), "database"))
        .append(")\n\n");
    int nameWidth = NAME_WIDTH;
    for (Change change : plan.changes()) {
      nameWidth = Math.max(nameWidth, change.target().name().length());
    }
    nameWidth = Math.min(nameWidth, LONGEST_PADDED_NAME);
    boolean any = false;
    for (Change change : plan.changes()) {
      if (isShown(change)) {
        print(change, nameWidth);
        any = true;
      }
    }
    if (any) {
      out.append('\n');
    }
    notes();
    out.append(PlanSummary.counts(plan)).append('\n');
    held();
    refused();
    if (plan.hasChanges()) {
      out.append("Plan hash ").append(PlanSummary.shortHash(plan)).append('\n');
    }
  }

  private static boolean isShown(Change change) {
    return change.action() != Action.NONE
        || !change.nextRuns().isEmpty()
        || (change.before().isEmpty() && change.after().isEmpty());
  }

  private void print(Change change, int nameWidth) {
    StringBuilder line = new StringBuilder("  ");
    line.append(mark(change)).append(' ');
    pad(line, Figures.plain(change.target().name()), nameWidth);
    String where = where(change);
    if (where.isEmpty()) {
      line.append(what(change));
    } else {
      pad(line, what(change), WHAT_WIDTH);
      line.append(where);
    }
    out.append(paint.change(change, line.toString())).append('\n');
    for (Diagnostic finding : change.findings()) {
      finding(finding, "      ");
    }
    if (change.action().writes() || !change.nextRuns().isEmpty()) {
      ChangeText.details(change, paint, out);
    }
  }

  private static char mark(Change change) {
    return switch (change.action()) {
      case CREATE -> '+';
      case UPDATE -> '~';
      case DELETE -> '-';
      case NONE -> '.';
      case ADOPT -> '=';
      case UNDECLARED, UNSUPPORTED -> '!';
    };
  }

  private String what(Change change) {
    String platform = Figures.plain(change.target().platform());
    return switch (change.action()) {
      case UNDECLARED -> platform + ", live but in no file";
      case ADOPT ->
          change.afterOrBefore().map(p -> Figures.plain(p.engine()) + " on ").orElse("")
              + platform
              + ", taken over as it is";
      case CREATE, UPDATE, DELETE, NONE, UNSUPPORTED -> {
        if (change.afterOrBefore().isEmpty()) {
          yield platform + ", no longer declared; its backups stay";
        }
        Optional<Protection> protection = change.afterOrBefore();
        yield protection.map(p -> Figures.plain(p.engine()) + " on ").orElse("") + platform;
      }
    };
  }

  private static String where(Change change) {
    if (change.action() == Action.DELETE) {
      return "no longer declared";
    }
    return change.declaredAt().map(PlanText::line).orElse("");
  }

  static String line(Location at) {
    return Figures.plain(at.file()) + ":" + at.line();
  }

  private void notes() {
    for (Diagnostic note : plan.notes()) {
      finding(note, "");
    }
    if (!plan.notes().isEmpty()) {
      out.append('\n');
    }
  }

  private void finding(Diagnostic finding, String indent) {
    out.append(indent);
    if (finding.at() != null) {
      out.append(Figures.plain(finding.at().toString())).append(": ");
    }
    out.append(finding.severity().word())
        .append(": ")
        .append(Figures.plain(finding.message()))
        .append(" [")
        .append(finding.code())
        .append("]\n");
    hint(finding, indent);
  }

  private void hint(Diagnostic finding, String indent) {
    if (finding.hint() != null) {
      out.append(indent).append("  hint: ").append(Figures.plain(finding.hint())).append('\n');
    }
  }

  private void held() {
    List<String> names = new ArrayList<>();
    for (Change change : plan.heldBack()) {
      names.add(Figures.plain(change.target().name()));
    }
    if (!names.isEmpty()) {
      out.append(PlanSummary.held(plan, names)).append('\n');
    }
  }

  private void refused() {
    for (Diagnostic refusal : refusals) {
      String at = refusal.at() == null ? "" : Figures.plain(refusal.at().toString()) + ": ";
      out.append(
          paint.weak(
              "Refused: " + at + Figures.plain(refusal.message()) + " [" + refusal.code() + "]"));
      out.append('\n');
      hint(refusal, "");
    }
    request.ifPresent(
        asked ->
            out.append("\nTo agree to it, put this into a policy file, such as ")
                .append(asked.file())
                .append(", and have it reviewed:\n\n")
                .append(asked.text())
                .append('\n'));
  }

  static void pad(StringBuilder line, String text, int width) {
    line.append(text);
    for (int i = text.length(); i < width + 2; i++) {
      line.append(' ');
    }
    if (text.length() >= width + 2) {
      line.append("  ");
    }
  }
}
