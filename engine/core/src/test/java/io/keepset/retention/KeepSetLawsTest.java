package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every history and every retention. */
class KeepSetLawsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Property(tries = 200)
  void keptAndExpiredMakeTheWhole(
      @ForAll("histories") List<Backup> history, @ForAll("rules") Retention rules) {
    KeepSet set = decide(history, rules);

    Set<Backup> whole = new HashSet<>(set.kept());
    assertThat(set.expired()).noneMatch(whole::contains);
    whole.addAll(set.expired());
    assertThat(whole)
        .isEqualTo(
            history.stream()
                .filter(b -> b.state() == BackupState.CREATED || b.state() == BackupState.RESTORING)
                .collect(Collectors.toSet()));
  }

  @Property(tries = 200)
  void orderOfTheBackupsDoesNotMatter(
      @ForAll("histories") List<Backup> history,
      @ForAll("rules") Retention rules,
      @ForAll Random random) {
    List<Backup> shuffled = new ArrayList<>(history);
    Collections.shuffle(shuffled, random);

    assertThat(decide(shuffled, rules)).isEqualTo(decide(history, rules));
  }

  @Property(tries = 200)
  void decidingOnWhatIsKeptKeepsAllOfIt(
      @ForAll("histories") List<Backup> history, @ForAll("rules") Retention rules) {
    KeepSet once = decide(history, rules);
    Assume.that(once.frozen().isEmpty());

    assertThat(decide(once.kept(), rules).expired()).isEmpty();
  }

  @Property(tries = 200)
  void aHigherCountKeepsNoLess(
      @ForAll("histories") List<Backup> history,
      @ForAll("rules") Retention rules,
      @ForAll Tier tier,
      @ForAll @IntRange(min = 1, max = 50) int more) {
    Assume.that(tier != Tier.ALL && !rules.isEmpty());
    TreeMap<Tier, Integer> tiers = new TreeMap<>(rules.tiers());
    tiers.merge(tier, more, Integer::sum);
    Retention wider =
        new Retention(rules.last(), tiers, rules.within(), rules.onDemand(), rules.minimum());

    assertThat(decide(history, wider).kept()).containsAll(decide(history, rules).kept());
  }

  @Property(tries = 200)
  void aFurtherRuleLetsNoMoreGo(
      @ForAll("histories") List<Backup> history,
      @ForAll("rules") Retention rules,
      @ForAll("rules") Retention others) {
    Assume.that(!rules.isEmpty());
    TreeMap<Tier, Integer> tiers = new TreeMap<>(rules.tiers());
    others.tiers().forEach((tier, n) -> tiers.merge(tier, n, Math::max));
    TreeMap<Tier, Duration> within = new TreeMap<>(rules.within());
    others
        .within()
        .forEach((tier, age) -> within.merge(tier, age, (a, b) -> a.compareTo(b) > 0 ? a : b));
    Retention joined =
        new Retention(
            Math.max(rules.last(), others.last()),
            tiers,
            within,
            Math.max(rules.onDemand(), others.onDemand()),
            Math.max(rules.minimum(), others.minimum()));

    assertThat(decide(history, joined).kept()).containsAll(decide(history, rules).kept());
  }

  @Property(tries = 200)
  void neverFewerVerifiedBackupsThanTheMinimum(
      @ForAll("histories") List<Backup> history, @ForAll("rules") Retention rules) {
    KeepSet set = decide(history, rules);

    long there = set.decisions().stream().filter(d -> good(d.backup())).count();
    assertThat(set.kept().stream().filter(KeepSetLawsTest::good).count())
        .isGreaterThanOrEqualTo(Math.min(rules.minimum(), there));
  }

  @Property(tries = 200)
  void aBackupThatDoesNotCountPushesNoneOutThatDoes(
      @ForAll("histories") List<Backup> history,
      @ForAll("rules") Retention rules,
      @ForAll("times") Instant time) {
    List<Backup> more = new ArrayList<>(history);
    more.add(
        Histories.backup("odd", time, BackupKind.SCHEDULED, BackupState.CREATED, 100, true, true));
    Assume.that(decide(history, rules).frozen().isEmpty());

    assertThat(decide(more, rules).kept())
        .containsAll(decide(history, rules).kept().stream().filter(Candidate::counts).toList());
  }

  @Property(tries = 200)
  void finalAndHeldBackupsStay(
      @ForAll("histories") List<Backup> history, @ForAll("rules") Retention rules) {
    KeepSet set =
        KeepSet.decide(
            history,
            rules,
            BERLIN,
            Histories.NOW,
            b -> b.id().endsWith("1") ? List.of("hold case-1") : List.of());

    assertThat(set.expired()).noneMatch(b -> b.kind() == BackupKind.FINAL || b.id().endsWith("1"));
  }

  @Property(tries = 200)
  void whatTheForecastSaysAboutNowIsTheDecision(
      @ForAll("histories") List<Backup> history, @ForAll("rules") Retention rules) {
    List<Forecast> forecasts =
        new RetentionForecast(
                "orders",
                List.of(),
                rules,
                BERLIN,
                Duration.ofDays(3),
                KeepSet::noHolds,
                RetentionForecast.USUAL_HORIZON)
            .of(history, Histories.NOW);

    assertThat(
            forecasts.stream()
                .map(Forecast::decision)
                .filter(d -> d.backup().state() != BackupState.EXPIRED)
                .toList())
        .isEqualTo(decide(history, rules).decisions());
    assertThat(forecasts).allMatch(f -> f.stays().isEmpty() || f.decision().kept());
  }

  private static boolean good(Backup backup) {
    return backup.verified() && !backup.suspicious() && backup.size().orElse(1) > 0;
  }

  private static KeepSet decide(List<Backup> history, Retention rules) {
    return KeepSet.decide(history, rules, BERLIN, Histories.NOW, KeepSet::noHolds);
  }

  @Provide
  Arbitrary<List<Backup>> histories() {
    return Histories.any();
  }

  @Provide
  Arbitrary<Retention> rules() {
    return Histories.rules();
  }

  @Provide
  Arbitrary<Instant> times() {
    return Arbitraries.longs()
        .between(0, 400 * 86_400L)
        .map(ago -> Histories.NOW.minusSeconds(ago));
  }
}
