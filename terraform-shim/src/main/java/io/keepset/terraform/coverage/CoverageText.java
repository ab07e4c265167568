package io.keepset.terraform.coverage;

import io.keepset.plan.Figures;
import io.keepset.terraform.coverage.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Coverage for people. */
public final class CoverageText {
  private CoverageText() {}

  public static String print(Coverage coverage) {
    if (coverage.findings().isEmpty()) {
      return "The plan has no databases, buckets, volumes or file systems.\n";
    }
    StringBuilder text = new StringBuilder();
    for (Finding finding : coverage.findings()) {
      String word = finding.verdict().word();
      text.append(
          "  %-9s  %s%n"
              .formatted(
                  finding.verdict() == Verdict.BARE ? "BARE" : word,
                  Figures.plain(finding.address())));
      line(text, Figures.plain(finding.reason()) + by(finding));
      finding.ownDetail().ifPresent(detail -> line(text, "the platform's own backups: " + detail));
    }
    List<String> counts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      if (coverage.count(verdict) > 0) {
        counts.add(coverage.count(verdict) + " " + verdict.word());
      }
    }
    return text.append("%nBackups: %s.%n".formatted(String.join(", ", counts))).toString();
  }

  private static String by(Finding finding) {
    if (finding.matchedBy().isEmpty() || finding.policies().isEmpty()) {
      return "";
    }
    return " (policy "
        + String.join(", ", finding.policies())
        + "; found by "
        + finding.matchedBy().get()
        + ")";
  }

  private static void line(StringBuilder text, String line) {
    text.append("             ").append(line).append("%n".formatted());
  }
}
