package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");
  private static final ZoneId BEIRUT = ZoneId.of("Asia/Beirut");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * *       | 2026-11-21T02:30:00Z | 2026-11-22T02:30:00Z",
        "*/15 * * * *     | 2026-11-21T02:30:01Z | 2026-11-21T02:45:00Z",
        "0 9-17/4 * * *   | 2026-11-21T10:00:00Z | 2026-11-21T13:00:00Z",
        "0 0 1,15 * *     | 2026-11-21T00:00:00Z | 2026-12-01T00:00:00Z",
        "0 0 * jan-mar *  | 2026-11-21T00:00:00Z | 2027-01-01T00:00:00Z",
        "0 0 * * MON      | 2026-11-21T00:00:00Z | 2026-11-23T00:00:00Z",
        "0 0 * * 7        | 2026-11-21T00:00:00Z | 2026-11-22T00:00:00Z",
        "0 0 * * 0        | 2026-11-21T00:00:00Z | 2026-11-22T00:00:00Z",
        "0 0 * * fri-sun  | 2026-11-22T00:00:00Z | 2026-11-27T00:00:00Z",
        "0 0 13 * 5       | 2026-11-21T00:00:00Z | 2026-11-27T00:00:00Z",
        "0 0 13 * 5       | 2026-12-11T00:00:00Z | 2026-12-13T00:00:00Z",
        "0 0 */2 * 1      | 2026-11-21T00:00:00Z | 2026-11-23T00:00:00Z",
        "0 0 29 2 *       | 2026-11-21T00:00:00Z | 2028-02-29T00:00:00Z",
        "0 0 29 2 *       | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z",
        "0 0 31 * *       | 2026-02-01T00:00:00Z | 2026-03-31T00:00:00Z",
        "@hourly          | 2026-11-21T02:30:00Z | 2026-11-21T03:00:00Z",
        "@daily           | 2026-11-21T02:30:00Z | 2026-11-22T00:00:00Z",
        "@midnight        | 2026-11-21T02:30:00Z | 2026-11-22T00:00:00Z",
        "@weekly          | 2026-11-21T02:30:00Z | 2026-11-22T00:00:00Z",
        "@Monthly         | 2026-11-21T02:30:00Z | 2026-12-01T00:00:00Z",
        "@yearly          | 2026-11-21T02:30:00Z | 2027-01-01T00:00:00Z",
        "@annually        | 2026-11-21T02:30:00Z | 2027-01-01T00:00:00Z",
      })
  void findsTheNextRun(String cron, Instant after, Instant run) {
    assertThat(new Cron(cron).next(after, ZoneOffset.UTC)).isEqualTo(run);
    assertThat(new Cron(cron).previous(run, ZoneOffset.UTC)).isEqualTo(run);
  }

  @Test
  void runsAtTheFirstInstantAfterTheGap() {
    assertThat(runs("30 2 * * *", BERLIN, "2026-03-28T00:00:00+01:00", 3))
        .containsExactly(
            "2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
    assertThat(runs("30 2 * * *", NEW_YORK, "2026-03-07T12:00:00-05:00", 2))
        .containsExactly("2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00");
    assertThat(runs("10 2 * * *", LORD_HOWE, "2026-10-03T12:00:00+10:30", 2))
        .containsExactly("2026-10-04T02:30+11:00", "2026-10-05T02:10+11:00");
    assertThat(runs("0 0 * * *", BEIRUT, "2026-03-28T12:00:00+02:00", 2))
        .containsExactly("2026-03-29T01:00+03:00", "2026-03-30T00:00+03:00");
  }

  @Test
  void runsOnceForAllThatTheGapSkips() {
    assertThat(runs("*/20 1-3 * * *", BERLIN, "2026-03-29T01:30:00+01:00", 4))
        .containsExactly(
            "2026-03-29T01:40+01:00",
            "2026-03-29T03:00+02:00",
            "2026-03-29T03:20+02:00",
            "2026-03-29T03:40+02:00");
  }

  @Test
  void runsOnceAtTheFirstOfTheRepeatedHour() {
    assertThat(runs("30 2 * * *", BERLIN, "2026-10-24T12:00:00+02:00", 2))
        .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
    assertThat(runs("30 1 * * *", NEW_YORK, "2026-10-31T12:00:00-04:00", 2))
        .containsExactly("2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00");
    assertThat(runs("45 1 * * *", LORD_HOWE, "2026-04-04T12:00:00+11:00", 2))
        .containsExactly("2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30");
    assertThat(runs("30 23 * * *", BEIRUT, "2026-10-24T12:00:00+03:00", 2))
        .containsExactly("2026-10-24T23:30+03:00", "2026-10-25T23:30+02:00");
  }

  @Test
  void runsOfAnHourlyScheduleLieTwoHoursApartWhenTheHourRepeats() {
    assertThat(runs("0 * * * *", BERLIN, "2026-10-25T00:30:00+02:00", 4))
        .containsExactly(
            "2026-10-25T01:00+02:00",
            "2026-10-25T02:00+02:00",
            "2026-10-25T03:00+01:00",
            "2026-10-25T04:00+01:00");
  }

  @Test
  void previousLooksBackOverBothPassesOfTheRepeatedHour() {
    Instant secondPass = OffsetDateTime.parse("2026-10-25T02:10:00+01:00").toInstant();

    Instant run = new Cron("45 2 * * *").previous(secondPass, BERLIN);

    assertThat(run).isEqualTo(OffsetDateTime.parse("2026-10-25T02:45:00+02:00").toInstant());
  }

  @Test
  void skipsADayThatAZoneNeverHad() {
    assertThat(runs("0 12 * * *", ZoneId.of("Pacific/Apia"), "2011-12-29T00:00:00-10:00", 3))
        .containsExactly(
            "2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | cron is empty, five fields or a word such as @daily are allowed",
        "0 2 * *       | cron takes five fields (minute hour day-of-month month day-of-week), found"
            + " 4 in \"0 2 * *\"",
        "0 0 2 * * ?   | cron takes five fields (minute hour day-of-month month day-of-week), found"
            + " 6 in \"0 0 2 * * ?\"",
        "60 2 * * *    | cron field minute allows 0-59, found \"60\"",
        "0 25 * * *    | cron field hour allows 0-23, found \"25\"",
        "0 0 0 * *     | cron field day of month allows 1-31, found \"0\"",
        "0 0 * 13 *    | cron field month allows 1-12 or jan-dec, found \"13\"",
        "0 0 * * 8     | cron field day of week allows 0-7 or sun-sat, found \"8\"",
        "0 0 * * L     | cron field day of week allows 0-7 or sun-sat, found \"L\"",
        "0 0 * * mo    | cron field day of week allows 0-7 or sun-sat, found \"mo\"",
        "0 -1 * * *    | cron field hour allows 0-23, found \"-1\"",
        "0 1,,2 * * *  | cron field hour allows 0-23, found \"\"",
        "0 22-4 * * *  | cron field hour allows ranges from low to high, found \"22-4\"",
        "*/0 * * * *   | cron field minute allows steps of 1-59, found \"*/0\"",
        "*/90 * * * *  | cron field minute allows steps of 1-59, found \"*/90\"",
        "5/15 * * * *  | cron field minute takes a step only after * or a range, found \"5/15\"",
        "0 0 31 2 *    | cron needs a day that exists, found day 31 of month 2",
        "0 0 31 4,6 *  | cron needs a day that exists, found day 31 of month 4,6",
        "@reboot       | cron allows @hourly, @daily, @weekly, @monthly and @yearly, found"
            + " \"@reboot\"",
        "99999999999999999999 * * * * | cron field minute allows 0-59, found"
            + " \"99999999999999999999\"",
      })
  void refusesWithFieldAllowedAndFound(String cron, String message) {
    Location at = new Location("a.yaml", 3, 7);

    Validated<Cron> parsed = Cron.parse(cron, at);

    assertThat(parsed.value()).isNull();
    assertThat(parsed.diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo("schedule.cron");
              assertThat(d.at()).isEqualTo(at);
              assertThat(d.message()).isEqualTo(message);
            });
  }

  @Test
  void reportsEveryBadField() {
    assertThat(Cron.parse("60 24 32 13 8", null).diagnostics()).hasSize(5);
  }

  @Test
  void hintsAtWhatToWrite() {
    assertThat(hint("5/15 * * * *")).isEqualTo("write 5-59/15");
    assertThat(hint("0 22-4 * * *")).isEqualTo("split it: 22-23,0-4");
    assertThat(hint("0 0 * * 5L")).startsWith("? L W # H and ~ belong to other dialects");
    assertThat(hint("0 0 2 * * *")).contains("leave them out");
  }

  @Test
  void acceptsAnImpossibleDayBesideAWeekday() {
    assertThat(runs("0 0 31 2 1", ZoneOffset.UTC, "2026-02-01T00:00:00Z", 1))
        .containsExactly("2026-02-02T00:00Z");
  }

  @Test
  void foldsBlanks() {
    assertThat(new Cron("  0  2 * *\t* ").text()).isEqualTo("0 2 * * *");
    assertThat(new Cron("0 2 * * *")).isEqualTo(new Cron("0  2 * * *"));
  }

  @Test
  void constructorRefusesWhatParseRefuses() {
    assertThatThrownBy(() -> new Cron("0 2 * *"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cron takes five fields");
  }

  @ParameterizedTest
  @CsvSource({
    "0 2 * * *, PT24H",
    "*/15 * * * *, PT15M",
    "0 */7 * * *, PT7H",
    "0 2 * * 1-5, PT72H",
    "0 0 * * 0, PT168H",
    "0 0 1 * *, PT744H",
    "@yearly, PT8784H",
    "0 0 29 2 *, PT35064H",
  })
  void longestIntervalIsTheWidestGap(String cron, Duration interval) {
    assertThat(new Cron(cron).longestInterval()).isEqualTo(interval);
  }

  private static String hint(String cron) {
    Diagnostic first = Cron.parse(cron, null).diagnostics().get(0);
    return String.valueOf(first.hint());
  }

  private static List<String> runs(String cron, ZoneId zone, String after, int n) {
    List<String> runs = new ArrayList<>();
    Instant last = OffsetDateTime.parse(after).toInstant();
    for (int i = 0; i < n; i++) {
      last = new Cron(cron).next(last, zone);
      runs.add(last.atZone(zone).toOffsetDateTime().toString());
    }
    return runs;
  }
}
