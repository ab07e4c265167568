package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class PlanAndApplyTest extends OneDatabaseContract {
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
  void appliesADirectoryThatIsNamedAsForPlan() throws IOException {
    CommandLineForTests elsewhere = new CommandLineForTests(work.resolve("data"));
    Result unasked = elsewhere.run("apply", policies());
    Result apply = elsewhere.run("apply", policies(), "--yes");
    write(7, "orders");
    Result refused = elsewhere.run("apply", policies(), "--yes");

    assertThat(unasked.code()).isEqualTo(3);
    assertThat(apply.code()).isZero();
    assertThat(apply.out()).contains("Applied 1 of 1 change.");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).contains("[guard.weakening]");
  }

  @Test
  void takesNoEmptyOrWrongNameForADirectory() {
    Result empty = keepset.run("apply", "--yes", "");
    Result wrong = keepset.run("apply", "--yes", policies() + "/nowhere");

    assertThat(empty.code()).isEqualTo(64);
    assertThat(empty.err()).contains("an empty name is neither a directory nor a saved plan");
    assertThat(wrong.code()).isEqualTo(64);
    assertThat(wrong.err()).contains("there is no ", "/nowhere: name the directory with the");
    assertThat(keepset.run("plan", "--detailed-exitcode").code()).isEqualTo(2);
  }

  @Test
  void saysWhatToNameInsteadOfAPolicyFile() {
    String file = policies() + "/a.yaml";
    for (String command : new String[] {"plan", "validate"}) {
      assertThat(keepset.run(command, file).err())
          .contains("a.yaml is a file: name the directory that holds the policy files");
      assertThat(keepset.run(command, "nowhere").err())
          .contains("there is no directory nowhere: name the one with the policy files");
    }
    assertThat(keepset.run("apply", file).err())
        .contains("policy files are applied by the name of their directory");
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
}
