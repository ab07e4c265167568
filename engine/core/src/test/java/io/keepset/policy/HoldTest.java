package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HoldTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final LocalDate DAY = LocalDate.parse("2026-06-30");

  @Test
  void coversDatabasesByNameAndThoseWithAllLabels() {
    Hold hold = hold(List.of("orders"), Map.of("data", "pci", "tier", "prod"));

    assertThat(hold.covers("orders", Map.of())).isTrue();
    assertThat(hold.covers("billing", Map.of("data", "pci", "tier", "prod", "x", "y"))).isTrue();
    assertThat(hold.covers("billing", Map.of("data", "pci"))).isFalse();
    assertThat(hold(List.of("orders"), Map.of()).covers("billing", Map.of())).isFalse();
  }

  @Test
  void daysAreThoseOnTheClocksOfTheDatabase() {
    HeldDays days = new HeldDays(Optional.of(DAY), Optional.of(DAY), BERLIN);

    assertThat(days.covers(Instant.parse("2026-06-29T21:59:59Z"))).isFalse();
    assertThat(days.covers(Instant.parse("2026-06-29T22:00:00Z"))).isTrue();
    assertThat(days.covers(Instant.parse("2026-06-30T21:59:59Z"))).isTrue();
    assertThat(days.covers(Instant.parse("2026-06-30T22:00:00Z"))).isFalse();
  }

  @Test
  void withoutDaysEverythingIsHeldInWhateverZone() {
    HeldDays all = new HeldDays(Optional.empty(), Optional.empty(), BERLIN);

    assertThat(all.text()).isEqualTo("all backups");
    assertThat(all).isEqualTo(new HeldDays(Optional.empty(), Optional.empty(), ZoneOffset.UTC));
  }

  @Test
  void theSameDaysInAnotherZoneDoNotKeepTheSame() {
    HeldDays berlin = new HeldDays(Optional.of(DAY), Optional.empty(), BERLIN);
    HeldDays utc = new HeldDays(Optional.of(DAY), Optional.empty(), ZoneOffset.UTC);

    assertThat(berlin.covers(utc)).isTrue();
    assertThat(utc.covers(berlin)).isFalse();
  }

  @Test
  void textIsReadBackAndOtherTextIsNot() {
    Laws.forAll(
        500,
        random -> {
          HeldDays days = days(random);
          assertThat(HeldDays.parse(days.text())).contains(days);
        });
    assertThat(HeldDays.parse("in UTC")).isPresent();
    for (String text : List.of("", "all", "from 2026-13-01 in UTC", "from 2026-01-01 in Nowhere")) {
      assertThat(HeldDays.parse(text)).isEmpty();
    }
  }

  /** What covers other days keeps whatever those keep. */
  @Test
  void coveringDaysKeepsWhatTheyKeep() {
    Laws.forAll(
        3000,
        random -> {
          HeldDays one = days(random);
          HeldDays other = days(random);
          Instant at =
              Instant.parse("2026-06-01T00:00:00Z").plusSeconds(random.nextInt(60 * 86400));
          if (one.covers(other) && other.covers(at)) {
            assertThat(one.covers(at)).isTrue();
          }
        });
  }

  private static HeldDays days(Random random) {
    LocalDate from = LocalDate.parse("2026-06-01").plusDays(random.nextInt(30));
    return new HeldDays(
        Any.optional(random, 0.7, r -> from),
        Any.optional(random, 0.7, r -> from.plusDays(r.nextInt(30))),
        Any.of(random, BERLIN, ZoneOffset.UTC, ZoneId.of("America/New_York"), ZoneId.of("+05:30")));
  }

  private static Hold hold(List<String> databases, Map<String, String> labels) {
    return new Hold(
        "case-1",
        new TreeSet<>(databases),
        new TreeMap<>(labels),
        Optional.empty(),
        Optional.empty(),
        "litigation",
        LocalDate.parse("2027-01-01"));
  }
}
