package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at policy files alone: init, validate, show, policy, convert. */
class PolicyCommandsTest {
  @TempDir Path directory;

  @Test
  void whatInitWritesIsValid() {
    assertThat(run("init", policies()).code()).isZero();

    Result validated = run("validate", policies());

    assertThat(validated.err()).isEmpty();
    assertThat(validated.out()).isEqualTo("Good: 1 database, 1 policy, 1 store in 3 files\n");
    assertThat(validated.code()).isZero();
  }

  @Test
  void initNeverOverwrites() throws IOException {
    Files.createDirectories(Path.of(policies()));
    Files.writeString(Path.of(policies(), "policies.yaml"), "mine");

    Result refused = run("init", policies());

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("already has policies.yaml", "nothing was written");
    try (Stream<Path> files = Files.list(Path.of(policies()))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aMistakeFailsAndIsPrintedWithItsLine() throws IOException {
    write("a.yaml", "policy:\n  gold:\n    retention: {dayly: 3}\n");

    Result result = run("validate", policies());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            """
            a.yaml:3:17: error: "dayly" is not a key of retention [key.unknown]
              3 |     retention: {dayly: 3}
                |                 ^
              hint: did you mean daily?
            1 error
            """);
  }

  @Test
  void machinesGetTheSameInTheirFormats() throws IOException {
    write("a.yaml", "polcy: {}\n");

    MapNode json = json(run("validate", policies(), "--format", "json"));
    MapNode sarif = json(run("validate", policies(), "--format", "sarif"));
    Result github = run("validate", policies(), "--format", "github");

    assertThat(json.text("valid")).contains("false");
    assertThat(first(json, "diagnostics").text("code")).contains("key.unknown");
    MapNode finding = first(first(sarif, "runs"), "results");
    assertThat(finding.text("ruleId")).contains("key.unknown");
    assertThat(finding.text("level")).contains("error");
    assertThat(github.out())
        .isEqualTo(
            "::error file=a.yaml,line=1,col=1,title=key.unknown::\"polcy\" is not a key of a policy"
                + " file%0Ahint: did you mean policy?\n");
    assertThat(github.code()).isEqualTo(1);
  }

  @Test
  void aLinkOutOfTheDirectoryIsAnErrorAndHiddenFilesDoNotCount() throws IOException {
    Path outside = Files.writeString(directory.resolve("outside.yaml"), "policy: {}\n");
    write(".github/workflows/ci.yaml", "on: [push]\n");
    Files.createSymbolicLink(Path.of(policies(), "link.yaml"), outside);

    Result result = run("validate", policies());

    assertThat(result.err()).contains("link.yaml:1:1: error:", "[load.link]", "1 error");
  }

  @Test
  void showSaysWhichLineSetEachValue() {
    run("init", policies());

    Result text = run("show", "uploads", "--policies", policies());
    MapNode json = json(run("show", "uploads", "--policies", policies(), "--json"));

    assertThat(text.out()).contains("retention.daily            14").contains("policies.yaml:10");
    MapNode daily = json.map("fields").flatMap(f -> f.map("retention.daily")).orElseThrow();
    assertThat(daily.text("value")).contains("14");
    assertThat(daily.text("level")).contains("policy standard");
    assertThat(daily.text("at")).contains("policies.yaml:10:14");
  }

  @Test
  void showOfAnUnknownDatabaseNamesThoseThatThereAre() {
    run("init", policies());

    Result result = run("show", "upload", "--policies", policies());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("database upload is not declared; declared: uploads");
  }

  @Test
  void policiesAreListedAndShown() throws IOException {
    run("init", policies());

    assertThat(run("policy", "list", "--policies", policies()).out())
        .contains("compose", "built-in", "standard", "1 database", "policies.yaml:4");
    Result shown = run("policy", "show", "compose", "--policies", policies());
    write("compose.yaml", shown.out());
    assertThat(run("validate", policies()).code()).isZero();
    assertThat(run("policy", "show", "nothing", "--policies", policies()).code()).isEqualTo(1);
  }

  @Test
  void convertKeepsCommentsWhereTheSpellingHasThem() throws IOException {
    Path file = write("a.yaml", "# why\npolicy:\n  gold: {grace: 7d} # long enough\n");

    Result hcl = run("convert", file.toString(), "--to", "hcl");
    Result json = run("convert", file.toString(), "--to", "json");

    assertThat(hcl.out()).contains("why", "long enough", "policy \"gold\"");
    assertThat(hcl.err()).isEmpty();
    assertThat(json(json).map("policy")).isPresent();
    assertThat(json.err()).contains("json has no comments", "# why", "# long enough");
  }

  private String policies() {
    return directory.resolve("policies").toString();
  }

  private Path write(String name, String text) throws IOException {
    Path path = Path.of(policies(), name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private Result run(String... args) {
    return new CommandLineForTests(directory.resolve("data")).run(args);
  }

  private static MapNode json(Result result) {
    byte[] bytes = result.out().getBytes(StandardCharsets.UTF_8);
    return (MapNode) JsonText.read(new SourceFile("out.json", bytes)).valid().orElseThrow();
  }

  private static MapNode first(MapNode map, String key) {
    return (MapNode) ((ListNode) map.get(key).orElseThrow()).items().get(0);
  }
}
