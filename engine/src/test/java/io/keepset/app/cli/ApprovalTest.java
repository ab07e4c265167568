package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What weakens, and the approvals that let it pass. */
class ApprovalTest extends OneDatabaseContract {
  @Test
  void refusesWhatWeakensUntilTheApprovalThatItPrintsIsInTheFiles() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");

    Result refused = keepset.run("apply", "--yes");
    approve(refused);
    Result approved = keepset.run("apply", "--yes");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out())
        .contains("retention.daily 30 -> 7 weakens orders and needs an approval [guard.weakening]");
    assertThat(approved.code()).as(approved.out() + approved.err()).isZero();
    assertThat(approved.out()).contains("Applied 1 of 1 change.");
    assertThat(keepset.run("plan", "--detailed-exitcode").out())
        .contains("and is good once [approval.spent]", "it can be removed");
  }

  @Test
  void anApprovalIsGoodOnce() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");
    approve(keepset.run("plan"));
    keepset.run("apply", "--yes");
    write(30, "orders");
    keepset.run("apply", "--yes");
    write(7, "orders");

    Result again = keepset.run("apply", "--yes");
    approve(again);

    assertThat(again.code()).isEqualTo(3);
    assertThat(again.out()).contains("was used for this directory", "[guard.approval]");
    assertThat(keepset.run("apply", "--yes").out()).contains("Applied 1 of 1 change.");
  }

  @Test
  void anApprovalIsGoodForASavedPlanToo() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");
    approve(keepset.run("plan"));
    Path saved = work.resolve("saved.plan");
    keepset.run("plan", "--out", saved.toString());

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(keepset.run("plan").out()).contains("[approval.spent]");
  }

  @Test
  void saysInMachineOutputWhatWouldBeAgreedTo() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");

    Result plan = keepset.run("plan", "--json");
    Result apply = keepset.run("apply", "--yes", "--json");
    Result comment = keepset.run("plan", "--markdown");

    assertThat(plan.out()).contains("\"spelling\": \"yaml\"", "\"orders.retention.daily\"");
    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.out()).contains("\"refused\": true", "\"spelling\": \"yaml\"");
    assertThat(comment.out()).contains("````yaml\napproval:\n");
  }

  @Test
  void holdsBackWhatWeakensInTheAdditiveMode() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");

    Result additive = keepset.run("apply", "--yes", "--mode", "additive");

    assertThat(additive.code()).isZero();
    assertThat(additive.out()).contains("WEAKENS", "Apply it with --mode full.");
    assertThat(keepset.run("plan", "--detailed-exitcode").code()).isEqualTo(3);
  }

  @Test
  void endsAScheduleAndSaysSo() throws IOException {
    write(30, "orders", "cache");
    keepset.run("apply", "--yes");
    write(30, "cache");
    approve(keepset.run("plan"));

    Result apply = keepset.run("apply", "--yes");

    assertThat(apply.code()).as(apply.err()).isZero();
    assertThat(apply.out())
        .contains("no final backup (final_backup: false)", "no longer backed up on runner");
  }

  @Test
  void theBlockThatARefusalPrintsInHclIsAsGood() throws IOException {
    keepset.run("apply", "--yes");
    Files.delete(work.resolve("policies/a.yaml"));
    Files.writeString(
        work.resolve("policies/a.hcl"),
        """
        policy "gold" {
          final_backup = false
          schedule "nightly" {
            cron     = "0 2 * * *"
            timezone = "Europe/Berlin"
          }
          retention {
            daily = 7
          }
        }
        store "main" {
          type = "directory"
          path = "%s/store"
        }
        database "orders" {
          engine = "postgresql"
          policy = "gold"
          store  = "main"
          connection {
            host     = "localhost"
            database = "orders"
            user     = "u"
            password = "env:PW"
          }
        }
        """
            .formatted(work));

    Result refused = keepset.run("apply", "--yes");
    Matcher block =
        Pattern.compile("such as (\\S+\\.hcl), and have it reviewed:\n\n(approval \"(?s:.*?)\n}\n)")
            .matcher(refused.out());
    assertThat(block.find()).as(refused.out() + refused.err()).isTrue();
    Files.writeString(work.resolve("policies").resolve(block.group(1)), block.group(2));
    Result plan = keepset.run("plan");

    assertThat(plan.out())
        .contains(
            block.group(1) + ":1:",
            " agrees to orders.retention.daily, for this plan and once [approval.given]");
    assertThat(keepset.run("plan", "--json").out()).contains("\"approval.given\"");
    assertThat(keepset.run("plan", "--markdown").out()).contains("agrees to orders.retention");
    assertThat(keepset.run("apply", "--yes").out()).contains("Applied 1 of 1 change.");
    assertThat(keepset.run("plan").out())
        .contains("[approval.spent]")
        .doesNotContain("approval.given");
  }
}
