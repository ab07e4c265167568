package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds in files and by hand, with real backups of a volume on real state. */
class HoldCommandTest {
  private static final String IN_FILES =
      "hold: {case-1: {databases: [uploads], reason: litigation, review_by: 2027-01-15}}\n";

  @TempDir private Path directory;
  private Path policies;
  private Duration later = Duration.ZERO;

  @BeforeEach
  void aVolumeThatIsProtected() throws Exception {
    policies = Files.createDirectories(directory.resolve("policies"));
    Files.createDirectories(directory.resolve("volume"));
    Files.writeString(directory.resolve("volume/a.txt"), "hello");
    declare("{data: pci}", "");
    assertThat(apply().code()).isZero();
  }

  private void declare(String labels, String more) throws IOException {
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        policy:
          gold:
            schedule: {nightly: {cron: "0 2 * * *"}}
            retention: {last: 1, on_demand: 1}
            grace: 1d
        database:
          uploads:
            engine: volume
            policy: gold
            store: main
            labels: %s
            connection: {path: %s}
        store: {main: {type: directory, path: %s}}
        """
                .formatted(labels, directory.resolve("volume"), directory.resolve("backups"))
            + more);
  }

  private Result run(String... args) {
    Clock clock = Clock.fixed(CommandLineForTests.NOW.plus(later), ZoneOffset.UTC);
    return new CommandLineForTests(directory.resolve("data")).at(clock).run(args);
  }

  /** Agrees to what weakens, by the block that the refusal prints. */
  private Result apply() throws IOException {
    Result first = run("apply", "--yes", "--mode", "full", "--policies", policies.toString());
    if (first.code() != 3) {
      return first;
    }
    int block = first.out().indexOf("\napproval:\n");
    Files.writeString(
        policies.resolve("approval.yaml"),
        first.out().substring(block, first.out().indexOf("\n\n", block)));
    return run("apply", "--yes", "--mode", "full", "--policies", policies.toString());
  }

  private String backup() {
    later = later.plus(Duration.ofHours(1));
    Result made = run("backup", "create", "uploads", "--json");
    assertThat(made.code()).as(made.err()).isZero();
    return made.out().replaceAll("(?s).*\"id\": \"([^\"]+)\".*", "$1");
  }

  private String state(String id) {
    return run("backup", "show", id, "--json")
        .out()
        .replaceAll("(?s).*\"state\": \"([^\"]+)\".*", "$1");
  }

  private Result hold(String... more) {
    String[] args = new String[more.length + 6];
    System.arraycopy(
        new String[] {"hold", "add", "--reason", "litigation", "--review-by", "2027-01-15"},
        0,
        args,
        0,
        6);
    System.arraycopy(more, 0, args, 6, more.length);
    return run(args);
  }

  @Test
  void aHoldByHandKeepsUntilItIsEndedAndBothAreWrittenDown() {
    String first = backup();
    Result added = hold("case-9", "--database", "uploads");
    assertThat(added.code()).as(added.err()).isZero();
    assertThat(added.out()).contains("case-9", "uploads", "by hand");

    backup();
    assertThat(state(first)).isEqualTo("CREATED");
    Result refused = run("backup", "delete", first, "--yes");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("it is kept by hold case-9");

    Result ended = run("hold", "end", "case-9", "--reason", "settled");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(run("hold", "list").err()).contains("no holds");
    backup();
    assertThat(state(first)).isEqualTo("EXPIRED");

    assertThat(run("backup", "delete", first, "--yes").code()).isZero();
    assertThat(run("audit").out())
        .containsSubsequence("backup.delete", first, "hold.end", "settled", "hold.add", "apply");
  }

  @Test
  void whatIsInItsGraceComesBack() {
    String first = backup();
    backup();
    assertThat(state(first)).isEqualTo("EXPIRED");

    hold("case-9", "--label", "data=pci");
    later = later.plus(Duration.ofDays(9));
    backup();

    assertThat(state(first)).isEqualTo("CREATED");
  }

  @Test
  void aDatabaseThatAHoldByHandCoveredStaysCoveredWhateverItsLabels() throws Exception {
    String first = backup();
    hold("pci", "--label", "data=pci");
    declare("{}", "");
    assertThat(apply().code()).isZero();

    backup();

    assertThat(state(first)).isEqualTo("CREATED");
    assertThat(run("hold", "list").out()).contains("uploads");
  }

  @Test
  void aHoldInFilesHoldsAsSoonAsItIsAppliedAndEndsInFilesOnly() throws Exception {
    String first = backup();
    declare("{data: pci}", IN_FILES);
    assertThat(apply().out()).contains("hold.case-1", "strengthens");

    backup();
    assertThat(state(first)).isEqualTo("CREATED");
    assertThat(run("hold", "list").out()).contains("case-1", "all.yaml:14:8");
    Result refused = run("hold", "end", "case-1", "--reason", "x");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("stands in the policies at all.yaml:14:8");
    assertThat(hold("case-1", "--database", "uploads").err()).contains("already, at all.yaml");
  }

  @Test
  void aHoldInFilesHoldsEvenWhereTheRestOfTheChangeIsHeldBack() throws Exception {
    String first = backup();
    declare("{data: pci}", IN_FILES);
    Path file = policies.resolve("all.yaml");
    Files.writeString(file, Files.readString(file).replace("grace: 1d", "grace: 12h"));

    Result additive =
        run("apply", "--yes", "--mode", "additive", "--policies", policies.toString());
    assertThat(additive.code()).as(additive.err()).isZero();

    backup();
    assertThat(state(first)).isEqualTo("CREATED");
  }

  @Test
  void backupsOfADatabaseThatIsNoLongerDeclaredStayHeldUntilSomebodyEndsIt() throws Exception {
    String first = backup();
    declare(
        "{data: pci}", "hold: {pci: {labels: {data: pci}, reason: r, review_by: 2027-01-15}}\n");
    assertThat(apply().code()).isZero();
    declare(
        "{data: pci}", "hold: {pci: {labels: {data: pci}, reason: r, review_by: 2027-01-15}}\n");
    Path file = policies.resolve("all.yaml");
    Files.writeString(file, Files.readString(file).replace("  uploads:", "  others:"));
    assertThat(apply().code()).isZero();
    assertThat(run("backup", "delete", first, "--yes").err()).contains("hold pci");

    Files.writeString(file, Files.readString(file).replaceAll("(?s)hold: .*", ""));
    assertThat(apply().code()).isZero();

    assertThat(run("hold", "list").out()).contains("uploads").contains("no longer in files");
    assertThat(run("backup", "delete", first, "--yes").err()).contains("hold pci");
    assertThat(run("hold", "end", "pci", "--reason", "over").code()).isZero();
    assertThat(run("backup", "delete", first, "--yes").code()).isZero();
  }

  @Test
  void aReviewThatIsOverdueIsAProblem() {
    hold("case-9", "--database", "uploads");
    assertThat(run("status").out()).doesNotContain("watch.hold_review");

    later = Duration.ofDays(90);

    assertThat(run("status").out()).contains("watch.hold_review", "case-9");
    assertThat(run("hold", "list").out()).contains("2027-01-15 OVERDUE");
  }

  @Test
  void aHoldSaysWhyAndUntilWhenSomebodyLooksAgain() {
    assertThat(run("hold", "add", "x", "--database", "uploads").code()).isEqualTo(64);
    assertThat(hold("x").err()).contains("say what to hold");
    assertThat(hold("x y", "--database", "uploads").code()).isEqualTo(64);
    assertThat(
            hold("x", "--database", "uploads", "--from", "2026-02-02", "--to", "2026-02-01").err())
        .contains("--to is before --from");
    assertThat(hold("x", "--database", "uplaods").err()).contains("did you mean uploads?");
    assertThat(
            run(
                    "hold",
                    "add",
                    "x",
                    "--database",
                    "uploads",
                    "--reason",
                    "r",
                    "--review-by",
                    "2026-11-21")
                .err())
        .contains("a day to come");
    assertThat(run("hold", "end", "x", "--reason", "r").err()).contains("there is no hold x");
  }
}
