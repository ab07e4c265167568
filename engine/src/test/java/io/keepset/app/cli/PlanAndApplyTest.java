package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.LocalState;
import io.keepset.app.StoreSpecCodec;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanAndApplyTest {
  @TempDir private Path work;
  private CommandLineForTests keepset;

  @BeforeEach
  void declareOneDatabase() throws IOException {
    keepset = new CommandLineForTests(work.resolve("data")).with("KEEPSET_POLICIES", policies());
    Files.createDirectory(work.resolve("policies"));
    write(30, "orders");
  }

  @Test
  void plansACreateAndWritesNothing() {
    Result first = keepset.run("plan");
    Result second = keepset.run("plan", "--detailed-exitcode");

    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("+ orders", "next 2026-11-22 02:00 +01:00", "Plan: 1 to create");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.out()).isEqualTo(first.out());
  }

  @Test
  void appliesAndHasNothingToDoAfterwards() {
    Result apply = keepset.run("apply", "--yes");
    Result plan = keepset.run("plan", "--detailed-exitcode");

    assertThat(apply.code()).isZero();
    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(plan.code()).isZero();
    assertThat(plan.out()).contains("Nothing to do: 1 database is as declared.");
  }

  @Test
  void asksOnATerminalAndTakesNoForAnAnswer() {
    Result no = keepset.typing("no\n").run("apply");
    Result yes = keepset.typing("yes\n").run("apply");

    assertThat(no.code()).isEqualTo(3);
    assertThat(no.err()).contains("Apply this change?", "Nothing was changed.");
    assertThat(yes.code()).isZero();
  }

  @Test
  void refusesToApplyUnaskedWhereNobodyCanAnswer() {
    Result apply = keepset.run("apply");

    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.err()).contains("--yes");
    assertThat(keepset.run("plan", "--detailed-exitcode").code()).isEqualTo(2);
  }

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
  void validateReportsWhatUndercutsAComplianceRule() throws IOException {
    Files.writeString(
        work.resolve("policies/rules.yaml"),
        "compliance: {all: {applies_to: {}, minimum: {retention: {daily: 31}}}}\n");

    Result validate = keepset.run("validate");
    Result plan = keepset.run("plan");

    assertThat(validate.code()).isEqualTo(1);
    assertThat(validate.err())
        .contains("a.yaml:5:")
        .contains("orders has retention.daily 30, compliance all demands 31 [guard.compliance]")
        .contains("says so at rules.yaml:1:");
    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out()).contains("[guard.compliance]");
  }

  @Test
  void appliesASavedPlanWithoutTheFilesThatItWasMadeFrom() throws IOException {
    Path saved = work.resolve("saved.plan");
    keepset.run("plan", "-out", saved.toString());
    Files.delete(work.resolve("policies/a.yaml"));

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isZero();
    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesASavedPlanOnceItIsStale() {
    Path saved = work.resolve("saved.plan");
    keepset.run("plan", "--out", saved.toString());
    keepset.run("apply", "--yes");

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.err()).contains("stale plan", "[plan.stale]");
  }

  @Test
  void savesOverAPlanButOverNothingElse() throws IOException {
    Path policies = work.resolve("policies/a.yaml");
    String before = Files.readString(policies);
    Path saved = work.resolve("saved.plan");

    Result refused = keepset.run("plan", "--out", policies.toString());

    assertThat(refused.code()).isEqualTo(64);
    assertThat(refused.err()).contains("would replace a file that is no saved plan");
    assertThat(policies).hasContent(before);
    assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
    assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
  }

  @Test
  void saysThatAFileIsNoPlan() throws IOException {
    Path other = Files.writeString(work.resolve("notes.txt"), "hello");

    Result apply = keepset.run("apply", "--yes", other.toString());

    assertThat(apply.code()).isEqualTo(1);
    assertThat(apply.err()).contains("is not a plan file [plan.file.foreign]");
  }

  @Test
  void refusesADirectoryWithoutAnyDatabase() throws IOException {
    keepset.run("apply", "--yes");
    Files.delete(work.resolve("policies/a.yaml"));

    Result plan = keepset.run("plan");

    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out()).contains("this directory declares no database [guard.empty]");
  }

  @Test
  void plansNothingWhileTheFilesHaveMistakes() throws IOException {
    Files.writeString(work.resolve("policies/b.yaml"), "database: {x: {engin: redis}}\n");

    Result plan = keepset.run("plan");

    assertThat(plan.code()).isEqualTo(1);
    assertThat(plan.out()).isEmpty();
    assertThat(plan.err()).contains("b.yaml:1:", "Nothing is planned");
  }

  @Test
  void printsJsonAndMarkdownButNotBoth() {
    assertThat(keepset.run("plan", "--json").out()).startsWith("{\n  \"version\": 1,");
    assertThat(keepset.run("plan", "--markdown").out()).startsWith("## Keepset plan");
    assertThat(keepset.run("plan", "--markdown", "--json").code()).isEqualTo(64);
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
  void movesAStoreOnlyInTheFullMode() throws IOException {
    keepset.run("apply", "--yes");
    store("{type: directory, path: " + work + "/elsewhere}");

    Result plan = keepset.run("plan");
    Result additive = keepset.run("apply", "--yes", "--mode", "additive");
    String kept = recorded();
    approve(plan);
    Result full = keepset.run("apply", "--yes");

    assertThat(plan.out())
        .contains("store.path", work + "/store -> " + work + "/elsewhere", "WEAKENS")
        .contains("its earlier backups stay in the old place");
    assertThat(additive.out()).contains("Apply it with --mode full.");
    assertThat(kept).contains(work + "/store").doesNotContain(work + "/elsewhere");
    assertThat(full.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains(work + "/elsewhere").doesNotContain(work + "/store\"");
    assertThat(keepset.run("plan", "--detailed-exitcode").code()).isZero();
  }

  @Test
  void turnsEncryptionOffOnlyInTheFullMode() throws IOException {
    keepset.run("apply", "--yes");
    store("{type: directory, path: " + work + "/store, encryption: {disabled: true}}");

    Result additive = keepset.run("apply", "--yes", "--mode", "additive");
    String kept = recorded();
    Path saved = work.resolve("saved.plan");
    approve(keepset.run("plan"));
    keepset.run("plan", "--out", saved.toString());
    Result full = keepset.run("apply", "--yes", saved.toString());

    assertThat(additive.out())
        .contains("store.encryption.disabled", "WEAKENS", "new backups lie in clear text");
    assertThat(kept).doesNotContain("encryption.disabled");
    assertThat(full.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains("encryption.disabled");
  }

  @Test
  void aHeldBackDatabaseKeepsItsStoreAsItIs() throws IOException {
    write(30, "orders", "cache");
    keepset.run("apply", "--yes");
    write(7, "orders", "cache");
    store("{type: directory, path: " + work + "/store, max_concurrent_runs: 2}");

    keepset.run("apply", "--yes", "--mode", "additive");

    assertThat(recorded()).doesNotContain("max_concurrent_runs");
  }

  @Test
  void addsAStoreAlthoughAnotherDatabaseIsHeldBack() throws IOException {
    keepset.run("apply", "--yes");
    write(7, "orders");
    Files.writeString(
        work.resolve("policies/b.yaml"),
        "store: {second: {type: directory, path: "
            + work
            + "/second}}\n"
            + "database: {more: {engine: postgresql, policy: gold, store: second,"
            + " connection: {host: localhost, database: y, user: u, password: env:PW}}}\n");

    Result apply = keepset.run("apply", "--yes", "--mode", "additive");

    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(recorded()).contains(work + "/second");
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

  @Test
  void refusesASavedPlanOfAnotherCommitThanTheFilesAreAt() throws Exception {
    Path saved = work.resolve("saved.plan");
    try (Git git = Git.init().setDirectory(work.resolve("policies").toFile()).call()) {
      commit(git, "One database");
      assertThat(keepset.run("plan", "--out", saved.toString()).code()).isZero();
      Files.writeString(work.resolve("policies/note.txt"), "no policy");
      commit(git, "Nothing that a policy says");
    }

    Result apply = keepset.run("apply", "--yes", saved.toString());

    assertThat(apply.code()).isEqualTo(3);
    assertThat(apply.out()).contains("is what is followed now [guard.commit]");
    assertThat(keepset.run("apply", "--yes").out()).contains("Applied 1 of 1 change.");
  }

  private static void commit(Git git, String message) throws Exception {
    git.add().addFilepattern(".").call();
    git.commit()
        .setMessage(message)
        .setAuthor("A", "a@example.com")
        .setCommitter("A", "a@example.com")
        .setSign(false)
        .call();
  }

  /** Puts the approval into the files that a refusal printed, to the letter. */
  private void approve(Result refused) throws IOException {
    Matcher matcher =
        Pattern.compile("such as (\\S+), and have it reviewed:\n\n(approval:\n(?:  .*\n)+)")
            .matcher(refused.out());
    assertThat(matcher.find()).as(refused.out()).isTrue();
    Files.writeString(work.resolve("policies").resolve(matcher.group(1)), matcher.group(2));
  }

  /** Replaces how the store is set up. */
  private void store(String settings) throws IOException {
    Path file = work.resolve("policies/a.yaml");
    Files.writeString(
        file, Files.readString(file).replaceFirst("  main: .*", "  main: " + settings));
  }

  /** The stores in force. */
  private String recorded() {
    try (LocalState state =
        LocalState.open(
            work.resolve("data"),
            Clock.systemUTC(),
            reference -> {
              throw new IllegalStateException("no secrets here");
            },
            Map.of(),
            (severity, subject, message) -> {},
            note -> {})) {
      return state.storeSpecs().values().stream()
          .map(spec -> JsonText.writeCompact(StoreSpecCodec.encode(spec)))
          .collect(Collectors.joining("\n"));
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  private String policies() {
    return work.resolve("policies").toString();
  }

  private void write(int daily, String... databases) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("policy:\n  gold:\n    final_backup: false\n");
    text.append("    schedule: {nightly: {cron: \"0 2 * * *\", timezone: Europe/Berlin}}\n");
    text.append("    retention: {daily: ").append(daily).append("}\n");
    text.append("store:\n  main: {type: directory, path: ").append(work).append("/store}\n");
    text.append("database:\n");
    for (String database : databases) {
      text.append("  ").append(database).append(":\n");
      text.append("    engine: postgresql\n    policy: gold\n    store: main\n");
      text.append("    connection: {host: localhost, database: ");
      text.append(database).append(", user: u, password: env:PW}\n");
    }
    Files.writeString(work.resolve("policies/a.yaml"), text);
  }
}
