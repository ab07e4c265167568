package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionSimulateTest {
  private static final Path DOCS = Path.of("../docs");

  @TempDir Path directory;

  @Test
  void aGivenHistoryIsDecidedBackupByBackup() throws IOException {
    String history =
        history(
            """
            {"time": "2026-11-21T02:00:00Z", "size": 3000}
            {"time": "2026-11-20T02:00:00Z", "size": 2000}
            {"time": "2026-11-20T01:00:00Z", "size": 1000}
            {"time": "2026-11-19T02:00:00Z", "state": "FAILED"}
            """);

    Result text = run("--retention", "{daily: 1}", "--history", history);
    Result json = run("--retention", "{daily: 1}", "--history", history, "--json");

    assertThat(text.err()).isEmpty();
    assertThat(text.out())
        .isEqualTo(
            """
            daily 1  (UTC)
            TIME                     SIZE    KEPT    WHY
            2026-11-19 02:00 +00:00  -       failed
            2026-11-20 01:00 +00:00  1.0 kB  gone
            2026-11-20 02:00 +00:00  2.0 kB  gone
            2026-11-21 02:00 +00:00  3.0 kB  kept    daily 1/1, minimum 1/1
            2026-11-21 12:00  kept 1 of 3 backups: 3.0 kB of 6.0 kB
            oldest kept 2026-11-21 02:00 +00:00, 10 h old
            """);
    assertThat(reasons(json))
        .containsExactly(
            "2026-11-19T02:00:00Z false []",
            "2026-11-20T01:00:00Z false []",
            "2026-11-20T02:00:00Z false []",
            "2026-11-21T02:00:00Z true [daily 1/1, minimum 1/1]");
    assertThat(json(json).text("now")).contains("2026-11-21T12:00:00Z");
    assertThat(json(json).map("summary").flatMap(s -> s.text("bytes_kept"))).contains("3000");
  }

  @Test
  void aPolicyIsFoundInAFileOfAnySpelling() throws IOException {
    write("one.hcl", "policy \"gold\" {\n  retention {\n    daily = 2\n  }\n}\n");
    write("two.yaml", "policy:\n  a: {retention: {last: 1}}\n  b: {retention: {last: 2}}\n");
    String history = history("{\"time\": \"2026-11-20T02:00:00Z\"}\n");

    assertThat(run("--policy", path("one.hcl"), "--history", history).out()).startsWith("daily 2");
    assertThat(run("--policy", path("two.yaml#b"), "--history", history).out())
        .startsWith("last 2");
    assertThat(run("--policy", path("two.yaml#compose"), "--history", history).out())
        .startsWith("daily 7, weekly 4, monthly 3");
    assertThat(run("--policy", "compose", "--history", history).code()).isZero();
    assertThat(run("--policy", path("two.yaml"), "--history", history).err())
        .contains("two.yaml declares 2 policies; name one of them", "two.yaml#a or #b");
    assertThat(run("--policy", path("two.yaml#c"), "--history", history).code()).isEqualTo(64);
    assertThat(run("--policy", path("none.yaml"), "--history", history).err())
        .contains("neither a file nor a built-in policy", "compose");
  }

  @Test
  void aMadeUpHistoryMissesTheSameRunsEachTime() {
    String[] madeUp = {
      "--policy",
      "compose",
      "--schedule",
      "0 2 * * *",
      "--from",
      "2026-01-01",
      "--to",
      "2026-11-20",
      "--miss",
      "20%",
      "--json"
    };

    List<String> once = reasons(run(madeUp));

    assertThat(once).hasSizeBetween(220, 300);
    assertThat(reasons(run(madeUp))).isEqualTo(once);
    assertThat(reasons(run(with(madeUp, "--seed", "2")))).isNotEqualTo(once);
    assertThat(json(run(madeUp)).text("now")).contains("2026-11-20T23:59:59Z");
  }

  @Test
  void aLaterDayComesRunByRunWithExpiryAndGrace() throws IOException {
    String history =
        history(
            """
            {"time": "2026-11-19T02:00:00Z", "size": 10}
            {"time": "2026-11-20T02:00:00Z", "size": 10}
            {"time": "2026-11-21T02:00:00Z", "size": 10}
            """);
    write(
        "p.yaml",
        "policy: {p: {grace: 2d, retention: {daily: 2}, schedule: {n: {cron: '0 2 * * *'}}}}");

    Result later =
        run("--policy", path("p.yaml"), "--history", history, "--at", "2026-11-23T12:00:00Z");

    assertThat(later.out().lines().skip(2))
        .containsExactly(
            "2026-11-19 02:00 +00:00  10 bytes  deleted",
            "2026-11-20 02:00 +00:00  10 bytes  in grace  until 2026-11-24 02:00 +00:00",
            "2026-11-21 02:00 +00:00  10 bytes  in grace  until 2026-11-25 02:00 +00:00",
            "2026-11-22 02:00 +00:00  10 bytes  kept      daily 2/2",
            "2026-11-23 02:00 +00:00  10 bytes  kept      daily 1/2, minimum 1/1",
            "2026-11-23 12:00  kept 2 of 5 backups: 20 bytes of 50 bytes",
            "2 more in their grace: 20 bytes",
            "oldest kept 2026-11-22 02:00 +00:00, 1 d old",
            "longest gap 1 d, from 2026-11-22 02:00 to 2026-11-23 02:00");
  }

  @Test
  void mistakesInTheHistoryAndInTheRulesHaveTheirPlace() throws IOException {
    String history = history("{\"time\": \"2026-11-21T02:00:00Z\"}\n{\"time\": 3}\n");

    Result lines = run("--retention", "{daily: 1}", "--history", history);
    Result rules = run("--retention", "{dayly: 1}", "--history", history);

    assertThat(lines.code()).isEqualTo(1);
    assertThat(lines.err()).contains("history.jsonl:2:10: error: time must be a time in quotes");
    assertThat(rules.code()).isEqualTo(1);
    assertThat(rules.err()).contains("--retention:1:2: error: \"dayly\"", "did you mean daily?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from 2026-01-01 | --policy FILE[#NAME] or --retention",
        "--policy compose | --history FILE, or --from DATE",
        "--policy compose --retention {} --from 2026-01-01 | leave one of them out",
        "--policy compose --history x --from 2026-01-01 | --from and --to are for a made-up",
        "--policy compose --history x --schedule @daily | add --at DATE",
        "--policy compose --history x --seed 3 | add --miss 5%",
        "--retention {} --from 2026-01-01 | add --schedule",
        "--policy compose --schedule @daily --from gestern | --from is not a point in time: gestern",
        "--policy compose --schedule @daily --from 2026-02-01 --to 2026-01-01 | --from is later",
        "--policy compose --schedule 99 --from 2026-02-01 | --schedule: ",
        "--policy compose --schedule @daily --from 2026-02-01 --miss 200% | from 0% to 100%",
        "--policy compose --schedule @daily --from 2026-02-01 --zone Europe/Berlinn | Europe/Berlin?",
        "--policy compose --schedule '* * * * *' --from 2020-01-01 | more than 200000 runs",
      })
  void wrongUsageSaysWhatWouldBeRight(String arguments, String expected) {
    Result result = run(words(arguments));

    assertThat(result.code()).isEqualTo(64);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(expected, "see: keepset retention simulate --help");
  }

  /** The picture in the docs is what the command beside it draws. */
  @Test
  void drawsThePictureThatTheDocsShow() throws IOException {
    Matcher shown =
        Pattern.compile("^keepset retention simulate (.*) --svg (\\S+\\.svg)$", Pattern.MULTILINE)
            .matcher(Files.readString(DOCS.resolve("time-and-retention.md")));
    assertThat(shown.find()).isTrue();

    Result result = run(with(words(shown.group(1)), "--svg", "-"));

    Path file = DOCS.resolve(shown.group(2));
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(file, result.out());
    }
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo(Files.readString(file));
  }

  @Test
  void aPictureGoesIntoItsFileBesideTheText() throws IOException {
    String svg = directory.resolve("r.svg").toString();

    Result result = run(words("--policy compose --schedule @daily --from 2026-10-01 --svg " + svg));

    assertThat(result.out()).contains("oldest kept");
    assertThat(result.err()).isEqualTo("drawn into " + svg + "\n");
    assertThat(Files.readString(Path.of(svg))).startsWith("<svg ").endsWith("</svg>\n");
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : word.group(2));
    }
    return words.toArray(String[]::new);
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Result run(String... options) {
    return new CommandLineForTests(directory.resolve("data"))
        .run(with(new String[] {"retention", "simulate"}, options));
  }

  private String history(String lines) throws IOException {
    return write("history.jsonl", lines);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static List<String> reasons(Result result) {
    ListNode backups = (ListNode) json(result).get("backups").orElseThrow();
    return backups.items().stream()
        .map(MapNode.class::cast)
        .map(
            b ->
                b.text("time").orElseThrow()
                    + " "
                    + b.text("kept").orElseThrow()
                    + " "
                    + ((ListNode) b.get("reasons").orElseThrow())
                        .items().stream().map(r -> ((ScalarNode) r).text()).toList())
        .toList();
  }

  private static MapNode json(Result result) {
    byte[] bytes = result.out().getBytes(StandardCharsets.UTF_8);
    return (MapNode) JsonText.read(new SourceFile("out.json", bytes)).valid().orElseThrow();
  }
}
