package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.DiagnosticText;
import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.testing.Laws;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryLinesTest {
  @Test
  void aTimeIsEnoughAndTheOrderIsThatOfTime() {
    List<Backup> history =
        good(
            """
            {"time": "2026-11-21T02:00:00Z"}

            {"time": "2026-11-20T02:00+01:00", "size": "2GiB", "kind": "on-demand"}
            {"time": "2026-11-19 02:00", "state": "failed", "size": null}
            """);

    assertThat(history)
        .extracting(b -> b.time() + " " + b.kind().word() + " " + b.state() + " " + b.verified())
        .containsExactly(
            "2026-11-19T01:00:00Z scheduled FAILED false",
            "2026-11-20T01:00:00Z on-demand CREATED true",
            "2026-11-21T02:00:00Z scheduled CREATED true");
    assertThat(history.get(1).size()).hasValue(2L << 30);
  }

  @Test
  void whatBackupListPrintedIsAHistoryToo() {
    List<Backup> history =
        good(
            """
            {
              "backups": [
                {"id": "a", "time": "2026-11-21T02:00:00Z", "store": "main", "error": null},
                {"id": "b", "time": "2026-11-20T02:00:00Z", "state": "EXPIRED",
                 "delete_after": "2026-11-23T02:00:00Z"}
              ]
            }
            """);

    assertThat(history).extracting(Backup::id).containsExactly("b", "a");
    assertThat(history.get(0).deleteAfter()).contains(Instant.parse("2026-11-23T02:00:00Z"));
  }

  /** Whatever is printed about backups can be fed back without a warning. */
  @Test
  void everyKeyOfAPrintedBackupIsKnown() {
    Laws.forAll(
        50,
        random -> {
          List<Backup> history = new ArrayList<>(Histories.any(random));
          Backup one = Histories.nights(1).get(0);
          history.add(
              new BackupBuilder(
                      "dr-1",
                      "orders",
                      "postgresql",
                      BackupKind.COPY,
                      BackupState.CREATED,
                      one.time())
                  .finished(one.finished())
                  .size(one.size())
                  .storedSize(one.storedSize())
                  .verifiedAt(one.verifiedAt())
                  .store(Optional.of("far"))
                  .error(Optional.of("it was once"))
                  .copyOf(Optional.of(new CopyOf(one.id(), "dr")))
                  .build());
          String text =
              JsonText.write(
                  new MapBuilder()
                      .put("backups", history.stream().map(BackupCodec::encode).toList())
                      .build());

          assertThat(good(text)).hasSize(history.size());
        });
  }

  @Test
  void sizesMakeABackupSuspiciousUnlessItsLineSaysNo() {
    String usual =
        """
        {"time": "2026-11-01T02:00:00Z", "size": 1000}
        {"time": "2026-11-02T02:00:00Z", "size": 1000}
        """;

    assertThat(good(usual + "{\"time\": \"2026-11-03T02:00:00Z\", \"size\": 499}"))
        .extracting(Backup::suspicious)
        .containsExactly(false, false, true);
    assertThat(
            good(
                usual
                    + "{\"time\": \"2026-11-03T02:00:00Z\", \"size\": 499, \"suspicious\": false}"))
        .noneMatch(Backup::suspicious);
  }

  /** As the runner does: what somebody chose to upload says nothing about dumps. */
  @Test
  void uploadsAreNeitherSuspiciousNorAMeasure() {
    assertThat(
            good(
                """
                {"time": "2026-11-01T02:00:00Z", "size": 9000, "kind": "uploaded"}
                {"time": "2026-11-02T02:00:00Z", "size": 1000}
                {"time": "2026-11-03T02:00:00Z", "size": 10, "kind": "uploaded"}
                {"time": "2026-11-04T02:00:00Z", "size": 900}
                """))
        .noneMatch(Backup::suspicious);
  }

  @Test
  void aThresholdOfZeroTurnsSuspicionOff() {
    String text =
        """
        {"time": "2026-11-01T02:00:00Z", "size": 1000}
        {"time": "2026-11-02T02:00:00Z", "size": 1}
        """;

    assertThat(HistoryLines.read("h", text, ZoneId.of("UTC"), 0).valid().orElseThrow())
        .noneMatch(Backup::suspicious);
    assertThat(HistoryLines.read("h", text, ZoneId.of("UTC"), 1).valid().orElseThrow())
        .extracting(Backup::suspicious)
        .containsExactly(false, true);
  }

  @Test
  void allMistakesAreToldAtOnceWithTheirPlaces() {
    String text =
        """
        {"time": "2026-11-21T02:00:00Z", "size": -1}
        {"tim": "2026-11-21T02:00:00Z"}
        {"time": "2026-11-21T02:00:00Z",}
        {"time": "yesterday", "kind": "schedule"}
        ["time"]
        {"time": 5, "verified": "yes"}
        """;

    Validated<List<Backup>> read = read(text);

    assertThat(read.valid()).isEmpty();
    assertThat(new DiagnosticText(file -> Optional.of(text), false).print(read.diagnostics()))
        .isEqualTo(
            """
            h.jsonl:1:42: error: size is not a size [value.size]
              1 | {"time": "2026-11-21T02:00:00Z", "size": -1}
                |                                          ^
              hint: write a number of bytes, or 10MB, 2GiB
            h.jsonl:2:2: warning: "tim" means nothing in a history [key.unknown]
              2 | {"tim": "2026-11-21T02:00:00Z"}
                |  ^
              hint: did you mean time?
            h.jsonl:2:1: error: a backup without time [key.missing]
              2 | {"tim": "2026-11-21T02:00:00Z"}
                | ^
              hint: add "time": "2026-11-21T02:00:00Z"
            h.jsonl:3:33: error: JSON allows no comma before "}" [source.json.syntax]
              3 | {"time": "2026-11-21T02:00:00Z",}
                |                                 ^
              hint: remove the comma
            h.jsonl:4:10: error: time is not a point in time: yesterday [value.form]
              4 | {"time": "yesterday", "kind": "schedule"}
                |          ^
              hint: write 2026-11-21T02:00:00Z, 2026-11-21T02:00+01:00, 2026-11-21T02:00 or 2026-11-21
            h.jsonl:4:31: error: kind must be one of copy, final, on-demand, scheduled, uploaded, was schedule [value.choice]
              4 | {"time": "yesterday", "kind": "schedule"}
                |                               ^
              hint: did you mean scheduled?
            h.jsonl:5:1: error: a backup is a map, was a list [value.type]
              5 | ["time"]
                | ^
              hint: write {"time": "2026-11-21T02:00:00Z"}
            h.jsonl:6:10: error: time must be a time in quotes, was a number [value.type]
              6 | {"time": 5, "verified": "yes"}
                |          ^
            h.jsonl:6:25: error: verified must be true or false [value.type]
              6 | {"time": 5, "verified": "yes"}
                |                         ^
            """);
  }

  @Test
  void afterAHundredMistakesTheyAreOnlyCounted() {
    assertThat(read("{}\n".repeat(150)).diagnostics())
        .hasSize(101)
        .last()
        .satisfies(d -> assertThat(d.message()).isEqualTo("and 50 more mistakes in this file"));
  }

  private static List<Backup> good(String text) {
    Validated<List<Backup>> read = read(text);
    assertThat(read.diagnostics()).isEmpty();
    return read.valid().orElseThrow();
  }

  private static Validated<List<Backup>> read(String text) {
    return HistoryLines.read("h.jsonl", text, ZoneId.of("Europe/Berlin"), 50);
  }
}
