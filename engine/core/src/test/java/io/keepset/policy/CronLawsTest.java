package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every expression in every zone, around the changes of summer time above all. */
class CronLawsTest {
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Asia/Beirut"),
          ZoneId.of("Asia/Kathmandu"));

  @Property(tries = 400)
  void nextIsStrictlyAfterAndNothingLiesBetween(
      @ForAll("crons") Cron cron, @ForAll("instants") Instant after, @ForAll("zones") ZoneId zone) {
    Instant next = cron.next(after, zone);

    assertThat(next).isAfter(after);
    assertThat(cron.previous(next, zone)).isEqualTo(next);
    assertThat(cron.previous(next.minusNanos(1), zone)).isBeforeOrEqualTo(after);
    assertThat(cron.next(after.minusNanos(1), zone)).isBeforeOrEqualTo(next);
  }

  @Property(tries = 400)
  void nextNeverGoesBackwards(
      @ForAll("crons") Cron cron,
      @ForAll("instants") Instant after,
      @ForAll("seconds") long later,
      @ForAll("zones") ZoneId zone) {
    assertThat(cron.next(after.plusSeconds(later), zone)).isAfterOrEqualTo(cron.next(after, zone));
  }

  /** A second evaluator, a minute at a time from the words of the rules. */
  @Property(tries = 300)
  void agreesWithWalkingMinuteByMinute(
      @ForAll("denseCrons") String[] fields,
      @ForAll("instants") Instant after,
      @ForAll("zones") ZoneId zone) {
    Cron cron = new Cron(String.join(" ", fields));
    Instant minute = after.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    do {
      minute = minute.plusSeconds(60);
    } while (!runsAt(minute, fields, zone));

    assertThat(cron.next(after, zone)).isEqualTo(minute);
  }

  private static boolean runsAt(Instant instant, String[] fields, ZoneId zone) {
    ZonedDateTime local = instant.atZone(zone);
    ZoneOffsetTransition change = zone.getRules().previousTransition(instant.plusNanos(1));
    if (change != null && change.isGap() && change.getInstant().equals(instant)) {
      for (LocalDateTime skipped = change.getDateTimeBefore();
          skipped.isBefore(change.getDateTimeAfter());
          skipped = skipped.plusMinutes(1)) {
        if (matches(skipped, fields)) {
          return true;
        }
      }
    }
    return matches(local.toLocalDateTime(), fields)
        && local.withEarlierOffsetAtOverlap().toInstant().equals(instant);
  }

  private static boolean matches(LocalDateTime local, String[] fields) {
    return holds(fields[0], local.getMinute()) && holds(fields[1], local.getHour());
  }

  private static boolean holds(String field, int value) {
    return field.startsWith("*/")
        ? value % Integer.parseInt(field.substring(2)) == 0
        : field.equals("*") || List.of(field.split(",")).contains(String.valueOf(value));
  }

  @Provide
  Arbitrary<String[]> denseCrons() {
    return Combinators.combine(field(0, 59), field(0, 23))
        .as((minute, hour) -> new String[] {minute, hour, "*", "*", "*"});
  }

  @Provide
  Arbitrary<Cron> crons() {
    return Combinators.combine(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
        .as((m, h, d, mo, w) -> new Cron(String.join(" ", m, h, d, mo, w)));
  }

  private static Arbitrary<String> field(int min, int max) {
    Arbitrary<String> numbers =
        Arbitraries.integers()
            .between(min, max)
            .map(String::valueOf)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(list -> String.join(",", list));
    Arbitrary<String> steps = Arbitraries.integers().between(1, max).map(n -> "*/" + n);
    Arbitrary<String> any = Arbitraries.just("*");
    return min == 1 ? Arbitraries.oneOf(numbers, any, any) : Arbitraries.oneOf(numbers, steps, any);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(ZONES);
  }

  @Provide
  Arbitrary<Long> seconds() {
    return Arbitraries.longs().between(0, Duration.ofDays(3).toSeconds());
  }

  /** Half of them close to a change of summer time. */
  @Provide
  Arbitrary<Instant> instants() {
    Arbitrary<Instant> anywhere =
        Arbitraries.longs()
            .between(
                Instant.parse("2020-01-01T00:00:00Z").getEpochSecond(),
                Instant.parse("2035-01-01T00:00:00Z").getEpochSecond())
            .map(Instant::ofEpochSecond);
    Arbitrary<Instant> nearAChange =
        Combinators.combine(
                Arbitraries.of(ZONES.subList(1, 5)),
                anywhere,
                Arbitraries.longs().between(-3 * 3600, 3 * 3600))
            .as(
                (zone, at, seconds) ->
                    zone.getRules().nextTransition(at).getInstant().plusSeconds(seconds));
    return Arbitraries.oneOf(anywhere, nearAChange);
  }
}
