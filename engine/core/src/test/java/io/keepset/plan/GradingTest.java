package io.keepset.plan;

import static io.keepset.plan.Grade.NEUTRAL;
import static io.keepset.plan.Grade.STRENGTHENS;
import static io.keepset.plan.Grade.WEAKENS;
import static io.keepset.plan.Samples.daily;
import static io.keepset.plan.Samples.nightly;
import static io.keepset.plan.Samples.retention;
import static io.keepset.plan.Samples.schedules;
import static io.keepset.plan.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Suspension;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradingTest {
  private static final Retention NOTHING = retention(0, Map.of());

  @Test
  void gradesAnUnknownFieldAsWeakening() {
    assertThat(grade("brand.new", nightly("a"), nightly("a"))).isEqualTo(WEAKENS);
    assertThat(grade("schedule.nightly.brand_new", nightly("a"), nightly("a"))).isEqualTo(WEAKENS);
    assertThat(grade("retention.brand_new", nightly("a"), nightly("a"))).isEqualTo(WEAKENS);
  }

  @Test
  void gradesTheFirstRetentionRuleAsWeakeningBecauseEverythingWasKept() {
    assertThat(retentionGrade("daily", NOTHING, daily(3000))).isEqualTo(WEAKENS);
  }

  @Test
  void gradesTheEndOfAllRulesAsStrengthening() {
    assertThat(retentionGrade("daily", daily(30), NOTHING)).isEqualTo(STRENGTHENS);
  }

  @Test
  void gradesRetentionByDirection() {
    assertThat(retentionGrade("daily", daily(30), daily(31))).isEqualTo(STRENGTHENS);
    assertThat(retentionGrade("daily", daily(30), daily(29))).isEqualTo(WEAKENS);
    Retention weekly = retention(0, Map.of(Tier.WEEKLY, 4));
    assertThat(retentionGrade("daily", daily(30), weekly)).isEqualTo(WEAKENS);
    assertThat(retentionGrade("weekly", daily(30), weekly)).isEqualTo(STRENGTHENS);
  }

  @Test
  void gradesOnDemandForeverAboveEveryCount() {
    Retention three = new Retention(0, new TreeMap<>(), new TreeMap<>(), 3, 1);
    Retention forever = new Retention(0, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 1);

    assertThat(retentionGrade("on_demand", three, forever)).isEqualTo(STRENGTHENS);
    assertThat(retentionGrade("on_demand", forever, three)).isEqualTo(WEAKENS);
  }

  @ParameterizedTest(name = "{0} from {1} to {2} {3}")
  @CsvSource({
    "type, directory, s3, WEAKENS",
    "path, /a, /b, WEAKENS",
    "prefix, , backups, WEAKENS",
    "encryption.disabled, , true, WEAKENS",
    "encryption.disabled, true, , STRENGTHENS",
    "encryption.disabled, , false, NEUTRAL",
    "encryption.key, env:A, env:B, WEAKENS",
    "server_side_encryption, AES256, , WEAKENS",
    "mount, , true, STRENGTHENS",
    "secret_key, env:A, env:B, NEUTRAL",
    "max_concurrent_runs, , 2, NEUTRAL",
    "brand_new, , 2, WEAKENS",
  })
  void gradesHowTheStoreIsSetUp(
      String field, @Nullable String from, @Nullable String to, Grade expected) {
    assertThat(grade("store." + field, inStore(field, from), inStore(field, to)))
        .isEqualTo(expected);
    assertThat(grade("store.copy.dr." + field, copied(field, from), copied(field, to)))
        .isEqualTo(expected);
  }

  @Test
  void theStoreOfANewCopyAndThatOfOneThatEndsSayNothingOfTheirOwn() {
    Protection with = copied("path", "/a");

    assertThat(grade("store.copy.dr.path", nightly("a"), with)).isEqualTo(NEUTRAL);
    assertThat(grade("store.copy.dr.path", with, nightly("a"))).isEqualTo(NEUTRAL);
  }

  private static Protection copied(String field, @Nullable String value) {
    Options options = Options.of(Map.of("store.copy.dr.type", "directory"));
    return io.keepset.runner.Samples.copied(nightly("a"), "dr", "far", daily(7))
        .withOptions(value == null ? options : options.with("store.copy.dr." + field, value));
  }

  @Test
  void takesWhatWasNeverRecordedOfAStoreForAsItIs() {
    Protection old = nightly("a").withOptions(Options.NONE);

    assertThat(grade("store.path", old, inStore("path", "/a"))).isEqualTo(NEUTRAL);
  }

  private static Protection inStore(String field, @Nullable String value) {
    Options options = Options.of(Map.of("store.type", "directory"));
    return nightly("a")
        .withOptions(value == null ? options : options.with("store." + field, value));
  }

  @ParameterizedTest(name = "{0} to {1} {2}")
  @CsvSource({
    "0 2 * * *, 0 3 * * *, NEUTRAL",
    "0 2 * * *, 0 2 * * 1-5, WEAKENS",
    "0 2 * * *, 0 2 1 * *, WEAKENS",
    "0 2 1 * *, 0 2 15 * *, NEUTRAL",
    "0 2 1 * *, 0 2 31 * *, WEAKENS",
    "0 2 * * 1-5, 0 2 * * 0-4, NEUTRAL",
    "0 2 * * *, 0 */2 * * *, STRENGTHENS",
    "'0 0,1,2 * * *', '0 0,2 * * *', WEAKENS",
    "@daily, 0 5 * * *, NEUTRAL",
    "* * * 1-12 *, 0 2 * * *, WEAKENS",
  })
  void gradesACronByItsLongestGapAndItsNumberOfRuns(String from, String to, Grade expected) {
    Protection before = with(nightly("a"), schedules("nightly", from));
    Protection after = with(nightly("a"), schedules("nightly", to));

    assertThat(grade("schedule.nightly.cron", before, after)).isEqualTo(expected);
  }

  @Test
  void gradesMoreRunsAsWeakeningWhereRetentionCountsThem() {
    Protection weekly =
        with(with(nightly("a"), schedules("nightly", "0 2 * * 1")), retention(7, Map.of()));
    Protection hourly = with(weekly, schedules("nightly", "0 * * * *"));

    assertThat(grade("schedule.nightly.cron", weekly, hourly)).isEqualTo(WEAKENS);
  }

  @Test
  void gradesMoreRunsAsWeakeningWhereATierReachedBackThroughEmptyPeriods() {
    Protection weekly = with(nightly("a"), schedules("nightly", "0 2 * * 1"));
    Protection daily = with(weekly, schedules("nightly", "0 2 * * *"));

    assertThat(grade("schedule.nightly.cron", weekly, daily)).isEqualTo(WEAKENS);
  }

  @Test
  void gradesTheEndOfASuspensionAsStrengthening() {
    Protection off =
        with(nightly("a"), new Suspension(true, "why", Optional.of(LocalDate.of(2027, 1, 1))));
    Protection longer =
        with(nightly("a"), new Suspension(true, "why", Optional.of(LocalDate.of(2027, 2, 1))));

    assertThat(grade("backups.disabled", nightly("a"), off)).isEqualTo(WEAKENS);
    assertThat(grade("backups.disabled", off, nightly("a"))).isEqualTo(STRENGTHENS);
    assertThat(grade("backups.until", off, longer)).isEqualTo(WEAKENS);
    assertThat(grade("backups.until", longer, off)).isEqualTo(STRENGTHENS);
    assertThat(grade("backups.reason", off, longer)).isEqualTo(NEUTRAL);
  }

  @Test
  void gradesAccessAsNeutralAndAnotherDatabaseAsWeakening() {
    assertThat(grade("connection.password", nightly("a"), nightly("a"))).isEqualTo(NEUTRAL);
    assertThat(grade("connection.tls.ca", nightly("a"), nightly("a"))).isEqualTo(NEUTRAL);
    assertThat(grade("connection.database", nightly("a"), nightly("a"))).isEqualTo(WEAKENS);
  }

  private static Grade retentionGrade(String key, Retention before, Retention after) {
    return grade("retention." + key, with(nightly("a"), before), with(nightly("a"), after));
  }

  private static Grade grade(String path, Protection before, Protection after) {
    return new Grading().of(path, before, after);
  }
}
