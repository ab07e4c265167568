package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  @Test
  void looksAsDesigned() {
    Plan plan = PrinterSamples.design();

    assertThat(PlanText.print(plan, PrinterSamples.REFUSED, false))
        .isEqualTo(
            """
            Plan for commit 3fa9c1e  (4 databases)

              ! legacy        aws-rds, live but in no file
              ~ orders        postgresql on runner                        policies/orders.yaml:7
                  retention.daily    30 -> 7     WEAKENS
                    23 of 41 backups go: 8.4 GB, oldest 2026-10-22 02:07, after 3 days of grace
                    recovery window 30 d -> 7 d; oldest backup left 2026-11-14 02:07 +01:00
              + sessions      redis on runner                             policies/cache.hcl:1
                  schedule.nightly   0 2 * * * Europe/Berlin, next 2026-11-22 02:13 +01:00

            Plan: 1 to create, 1 to change, 0 to delete; 1 undeclared.
            Refused: orders weakens and needs an approval [guard.weakening]
            Plan hash HASH
            """
                .replace("HASH", plan.hash().substring(0, 12)));
  }

  @Test
  void saysThatThereIsNothingToDo() {
    Plan plan =
        Planner.compare(
            Samples.desired(Samples.nightly("a")), Samples.live(Samples.nightly("a")), Mode.FULL);

    assertThat(PlanText.print(plan, List.of(), false))
        .isEqualTo(
            """
            Plan for this directory  (1 database)

            Nothing to do: 1 database is as declared.
            """);
  }

  @Test
  void saysWhatTheModeHoldsBackAndHowToApplyIt() {
    Plan plan =
        Planner.compare(
            Samples.desired(Samples.nightly("a")),
            Samples.live(Samples.nightly("a"), Samples.nightly("b")),
            Mode.ADDITIVE);

    assertThat(PlanText.print(plan, List.of(), false))
        .contains(
            "  - b             postgresql on runner                        no longer declared\n")
        .contains("      the schedule ends; a final backup is taken; there are no backups\n")
        .contains(
            "Held back, because mode additive never weakens and never deletes: b."
                + " Apply it with --mode full.\n");
  }

  @Test
  void letsNothingFromAFileMoveTheCursor() {
    Plan plan =
        Planner.compare(
            Samples.desired(
                Samples.with(Samples.nightly("a"), Samples.schedules("x\u001b[2J\n", "@daily"))),
            Samples.live(),
            Mode.FULL);

    assertThat(PlanText.print(plan, List.of(), false)).doesNotContain("\u001b").contains("\\n");
  }

  @Test
  void coloursOnlyWhereAsked() {
    assertThat(PlanText.print(PrinterSamples.design(), List.of(), true))
        .contains("\u001b[1;31mWEAKENS\u001b[0m");
  }
}
