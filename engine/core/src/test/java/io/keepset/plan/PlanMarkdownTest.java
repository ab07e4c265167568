package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanMarkdownTest {
  @Test
  void showsFirstWhatIsRefusedThenWhatWeakensAndFoldsTheRest() {
    Plan plan = PrinterSamples.design();

    String markdown = PlanMarkdown.print(plan, PrinterSamples.REFUSED);
    assertThat(markdown.split("deleted 2026-11-24 21:07")).as("ten are named").hasSize(11);
    assertThat(markdown.replaceAll("</summary><code>.*<br>", "</summary>TEN<br>"))
        .isEqualTo(
            """
            ## Keepset plan for commit 3fa9c1e

            **Plan: 1 to create, 1 to change, 0 to delete; 1 undeclared.**

            ### Refused

            - orders weakens and needs an approval <code>guard.weakening</code>

            **It costs 23 backups (8.4 GB) of 1 database.**

            ### Weakens

            - **orders** changes: postgresql on runner, <code>policies/orders.yaml:7</code>
              - <code>retention.daily</code> <code>30</code> → <code>7</code> **weakens**, <code>policies/orders.yaml:7</code>
              - **23 of 41 backups go: 8.4 GB, oldest 2026-10-22 02:07, after 3 days of grace**
              - **recovery window 30 d -&#62; 7 d; oldest backup left 2026-11-14 02:07 +01:00**
              - <details><summary>the 23 backups</summary>TEN<br>… and 13 more</details>

            ### Findings

            - **legacy** is live on aws-rds but in no file

            <details><summary>1 change that does not weaken anything</summary>

            - **sessions** is created: redis on runner, <code>policies/cache.hcl:1</code>
              - <code>schedule.nightly</code> <code>0 2 &#42; &#42; &#42; Europe/Berlin</code>

            </details>

            Plan hash <code>HASH</code>
            """
                .replace("HASH", plan.hash().substring(0, 12)));
  }

  @Test
  void fitsIntoACommentHoweverMuchChanges() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      changes.add(PrinterSamples.weakening("database-" + i));
    }
    List<Diagnostic> refusals = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      refusals.add(Diagnostic.error("guard.weakening", "database-" + i + " weakens", null));
    }
    Plan plan = new Plan(Revision.DIRECTORY, Mode.FULL, changes, List.of());

    String markdown = PlanMarkdown.print(plan, refusals);

    assertThat(markdown.length()).isLessThan(PlanMarkdown.LIMIT);
    assertThat(markdown)
        .contains("… and 4997 more refusals <code>guard.weakening</code>")
        .endsWith("</code>\n");
    assertThat(markdown).contains("… and " + (5000 - named(markdown)) + " more changes");
  }

  @Test
  void namesAllOfFiveHundredChangesTheCostliestInFull() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      changes.add(PrinterSamples.weakening("database-" + i));
    }
    Plan plan = new Plan(Revision.DIRECTORY, Mode.FULL, changes, List.of());
    Verdict verdict = Guards.judge(Guards.always(), plan, GuardSamples.circumstances(plan));

    String markdown = PlanMarkdown.print(plan, verdict.refusals(), verdict.request());

    assertThat(markdown.length()).isLessThan(PlanMarkdown.LIMIT);
    assertThat(named(markdown)).isEqualTo(500);
    assertThat(markdown)
        .contains("- **database-19** changes")
        .contains(
            "| database-20 | runner | retention.daily 30 → 7 | 23 | 2026-11-14 |"
                + " policies/database-20.yaml:7 |")
        .contains("<code>guard.backups&#95;deleted</code>");
  }

  private static long named(String markdown) {
    return markdown
        .lines()
        .filter(line -> line.startsWith("- **database-") || line.startsWith("| database-"))
        .count();
  }

  @Test
  void showsNothingFromAFileAsMarkup() {
    Protection nasty =
        Samples.with(
            Samples.nightly("a"), Samples.schedules("x</code>[y](http://z) @me", "@daily"));
    Plan plan = Planner.compare(Samples.desired(nasty), Samples.live(), Mode.FULL);

    assertThat(PlanMarkdown.print(plan, List.of()))
        .doesNotContain("x</code>")
        .doesNotContain("[y]")
        .doesNotContain("@me");
  }
}
