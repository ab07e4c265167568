package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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

  @Test
  void nextIsStrictlyAfterAndNothingLiesBetween() {
    Laws.forAll(
        400,
        random -> {
          Cron cron = cron(random);
          Instant after = instant(random);
          ZoneId zone = Any.of(random, ZONES);

          Instant next = cron.next(after, zone);

          assertThat(next).isAfter(after);
          assertThat(cron.previous(next, zone)).isEqualTo(next);
          assertThat(cron.previous(next.minusNanos(1), zone)).isBeforeOrEqualTo(after);
          assertThat(cron.next(after.minusNanos(1), zone)).isBeforeOrEqualTo(next);
        });
  }

  @Test
  void nextNeverGoesBackwards() {
    Laws.forAll(
        400,
        random -> {
          Cron cron = cron(random);
          Instant after = instant(random);
          long later = Any.between(random, 0, Duration.ofDays(3).toSeconds());
          ZoneId zone = Any.of(random, ZONES);

          assertThat(cron.next(after.plusSeconds(later), zone))
              .isAfterOrEqualTo(cron.next(after, zone));
        });
  }

  /** A second evaluator, a minute at a time from the words of the rules. */
  @Test
  void agreesWithWalkingMinuteByMinute() {
    Laws.forAll(
        300,
        random -> {
          String[] fields = denseCron(random);
          Instant after = instant(random);
          ZoneId zone = Any.of(random, ZONES);

          Cron cron = new Cron(String.join(" ", fields));
          Instant minute = after.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
          do {
            minute = minute.plusSeconds(60);
          } while (!runsAt(minute, fields, zone));

          assertThat(cron.next(after, zone)).isEqualTo(minute);
        });
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

  private static String[] denseCron(Random random) {
    return new String[] {field(random, 0, 59), field(random, 0, 23), "*", "*", "*"};
  }

  private static Cron cron(Random random) {
    return new Cron(
        String.join(
            " ",
            field(random, 0, 59),
            field(random, 0, 23),
            field(random, 1, 28),
            field(random, 1, 12),
            field(random, 0, 7)));
  }

  private static String field(Random random, int min, int max) {
    switch (random.nextInt(3)) {
      case 0 -> {
        return "*";
      }
      case 1 -> {
        return min == 1 ? "*" : "*/" + Any.between(random, 1, max);
      }
      default -> {
        List<String> numbers = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          numbers.add(String.valueOf(Any.between(random, min, max)));
        }
        return String.join(",", numbers);
      }
    }
  }

  /** Half of them close to a change of summer time. */
  private static Instant instant(Random random) {
    Instant anywhere =
        Instant.ofEpochSecond(
            Any.between(
                random,
                Instant.parse("2020-01-01T00:00:00Z").getEpochSecond(),
                Instant.parse("2035-01-01T00:00:00Z").getEpochSecond()));
    if (random.nextBoolean()) {
      return anywhere;
    }
    ZoneId zone = Any.of(random, ZONES.subList(1, 5));
    return zone.getRules()
        .nextTransition(anywhere)
        .getInstant()
        .plusSeconds(Any.between(random, -3 * 3600, 3 * 3600));
  }
}
