package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every history and every retention. */
class KeepSetLawsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void keptAndExpiredMakeTheWhole() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

          KeepSet set = decide(history, rules);

          Set<Backup> whole = new HashSet<>(set.kept());
          assertThat(set.expired()).noneMatch(whole::contains);
          whole.addAll(set.expired());
          assertThat(whole)
              .isEqualTo(
                  history.stream()
                      .filter(
                          b ->
                              b.state() == BackupState.CREATED
                                  || b.state() == BackupState.RESTORING)
                      .collect(Collectors.toSet()));
        });
  }

  @Test
  void orderOfTheBackupsDoesNotMatter() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

          List<Backup> shuffled = new ArrayList<>(history);
          Collections.shuffle(shuffled, random);

          assertThat(decide(shuffled, rules)).isEqualTo(decide(history, rules));
        });
  }

  @Test
  void decidingOnWhatIsKeptKeepsAllOfIt() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

          KeepSet once = decide(history, rules);
          if (!(once.frozen().isEmpty())) {
            return;
          }

          assertThat(decide(once.kept(), rules).expired()).isEmpty();
        });
  }

  @Test
  void aHigherCountKeepsNoLess() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);
          Tier tier = Any.of(random, Histories.COUNTED);
          int more = Any.between(random, 1, 50);

          if (!(tier != Tier.ALL && !rules.isEmpty())) {
            return;
          }
          TreeMap<Tier, Integer> tiers = new TreeMap<>(rules.tiers());
          tiers.merge(tier, more, Integer::sum);
          Retention wider =
              new Retention(rules.last(), tiers, rules.within(), rules.onDemand(), rules.minimum());

          assertThat(decide(history, wider).kept()).containsAll(decide(history, rules).kept());
        });
  }

  @Test
  void aFurtherRuleLetsNoMoreGo() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);
          Retention others = Histories.rules(random);

          if (!(!rules.isEmpty())) {
            return;
          }
          TreeMap<Tier, Integer> tiers = new TreeMap<>(rules.tiers());
          others.tiers().forEach((tier, n) -> tiers.merge(tier, n, Math::max));
          TreeMap<Tier, Duration> within = new TreeMap<>(rules.within());
          others
              .within()
              .forEach(
                  (tier, age) -> within.merge(tier, age, (a, b) -> a.compareTo(b) > 0 ? a : b));
          Retention joined =
              new Retention(
                  Math.max(rules.last(), others.last()),
                  tiers,
                  within,
                  Math.max(rules.onDemand(), others.onDemand()),
                  Math.max(rules.minimum(), others.minimum()));

          assertThat(decide(history, joined).kept()).containsAll(decide(history, rules).kept());
        });
  }

  @Test
  void neverFewerVerifiedBackupsThanTheMinimum() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

          KeepSet set = decide(history, rules);

          long there = set.decisions().stream().filter(d -> good(d.backup())).count();
          assertThat(set.kept().stream().filter(KeepSetLawsTest::good).count())
              .isGreaterThanOrEqualTo(Math.min(rules.minimum(), there));
        });
  }

  @Test
  void aBackupThatDoesNotCountPushesNoneOutThatDoes() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);
          Instant time = Histories.NOW.minusSeconds(Any.between(random, 0, 400 * 86_400L));

          List<Backup> more = new ArrayList<>(history);
          more.add(
              Histories.backup(
                  "odd", time, BackupKind.SCHEDULED, BackupState.CREATED, 100, true, true));
          if (!(decide(history, rules).frozen().isEmpty())) {
            return;
          }

          assertThat(decide(more, rules).kept())
              .containsAll(
                  decide(history, rules).kept().stream().filter(Candidate::counts).toList());
        });
  }

  @Test
  void finalAndHeldBackupsStay() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

          KeepSet set =
              KeepSet.decide(
                  history,
                  rules,
                  BERLIN,
                  Histories.NOW,
                  b -> b.id().endsWith("1") ? List.of("hold case-1") : List.of());

          assertThat(set.expired())
              .noneMatch(b -> b.kind() == BackupKind.FINAL || b.id().endsWith("1"));
        });
  }

  @Test
  void whatTheForecastSaysAboutNowIsTheDecision() {
    Laws.forAll(
        200,
        random -> {
          List<Backup> history = Histories.any(random);
          Retention rules = Histories.rules(random);

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
        });
  }

  private static boolean good(Backup backup) {
    return backup.verified() && !backup.suspicious() && backup.size().orElse(1) > 0;
  }

  private static KeepSet decide(List<Backup> history, Retention rules) {
    return KeepSet.decide(history, rules, BERLIN, Histories.NOW, KeepSet::noHolds);
  }
}
