package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.HeldDays;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Holding;
import io.keepset.spi.DriverException;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a hold promises, over any sequence of backups, applies, expiries and deletions by hand. */
class HoldLawsTest {
  /** The life of one database, in which holds in files and by hand come and go. */
  private static final class Life {
    final RunnerLab lab = new RunnerLab();
    final SortedMap<String, HeldDays> declared = new TreeMap<>();
    final SortedMap<String, HeldDays> byHand = new TreeMap<>();
    final Random random;
    int made;

    Life(Random random) {
      this.random = random;
      lab.holds = backup -> hand().apply(backup);
      apply();
    }

    private Holding hand() {
      List<Holding.Held> held = new ArrayList<>();
      byHand.forEach((name, days) -> held.add(new Holding.Held(name, days)));
      return new Holding(held);
    }

    /** As the holds say it that are in force: not as the code under test says it. */
    boolean held(Backup backup) {
      LocalDate day = LocalDate.ofInstant(backup.time(), ZoneOffset.UTC);
      List<HeldDays> all = new ArrayList<>(declared.values());
      all.addAll(byHand.values());
      return all.stream()
          .anyMatch(
              days ->
                  days.from().map(from -> !day.isBefore(from)).orElse(true)
                      && days.to().map(to -> !day.isAfter(to)).orElse(true));
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0, 1 -> backup();
        case 2 -> lab.now = lab.now.plus(Duration.ofHours(Any.between(random, 1, 200)));
        case 3 -> change(declared, "files-");
        case 4 -> change(byHand, "hand-");
        case 5 -> deleteByHand();
        default -> new Expiry(lab.ports()).of("orders");
      }
    }

    private void change(SortedMap<String, HeldDays> holds, String prefix) {
      String name = prefix + random.nextInt(2);
      if (holds.containsKey(name) && random.nextBoolean()) {
        holds.remove(name);
      } else {
        LocalDate from = LocalDate.ofInstant(lab.now, ZoneOffset.UTC).minusDays(random.nextInt(30));
        holds.put(
            name,
            new HeldDays(
                Any.optional(random, 0.7, r -> from),
                Any.optional(random, 0.7, r -> from.plusDays(r.nextInt(9))),
                ZoneOffset.UTC));
      }
      apply();
    }

    private void apply() {
      Protection rules =
          Samples.protection("orders", Samples.keepLast(1 + random.nextInt(3)), Duration.ofDays(3));
      TreeMap<String, String> options = new TreeMap<>(rules.options().values());
      declared.forEach((name, days) -> options.put(HoldFields.PREFIX + name, days.text()));
      lab.protect(rules.withOptions(new Options(options)));
    }

    private void backup() {
      lab.now = lab.now.plus(Duration.ofHours(Any.between(random, 1, 30)));
      lab.catalogue.insert(
          new BackupBuilder(
                  "orders-" + String.format("%04d", made++),
                  "orders",
                  "fake",
                  Any.mostly(random, BackupKind.SCHEDULED, BackupKind.ON_DEMAND),
                  Any.mostly(random, BackupState.CREATED, BackupState.FAILED),
                  lab.now)
              .finished(Optional.of(lab.now))
              .size(OptionalLong.of(9))
              .storedSize(OptionalLong.of(9))
              .verifiedAt(Optional.of(lab.now))
              .store(Optional.of("main"))
              .build());
    }

    private void deleteByHand() {
      List<Backup> all = lab.catalogue.backups("orders");
      if (!all.isEmpty()) {
        try {
          new RunnerOperations(lab.ports()).delete(Any.of(random, all).id());
        } catch (DriverException refused) {
          assertThat(refused.kind()).isEqualTo(DriverException.Kind.REJECTED);
        }
      }
    }
  }

  @Test
  void noHeldBackupExpiresOrIsDeleted() {
    TreeSet<String> seen = new TreeSet<>();
    Laws.forAll(
        400,
        random -> {
          Life life = new Life(random);
          for (int i = 0; i < 60; i++) {
            List<Backup> before = life.lab.catalogue.backups("orders");
            life.step();
            for (Backup backup : before) {
              Backup after = life.lab.catalogue.find(backup.id()).orElseThrow();
              if (after.state() != backup.state()) {
                seen.add(backup.state() + " to " + after.state());
              }
              if (life.held(backup) && after.state() != backup.state()) {
                assertThat(after.state()).isEqualTo(BackupState.CREATED);
              }
            }
          }
        });
    // The law would hold of a runner that does nothing.
    assertThat(seen)
        .contains(
            "CREATED to EXPIRED", "EXPIRED to CREATED", "EXPIRED to DELETED", "CREATED to DELETED");
  }

  @Test
  void whatAHoldCoversInItsGraceComesBackWithTheNextPass() {
    Laws.forAll(
        300,
        random -> {
          Life life = new Life(random);
          for (int i = 0; i < 40; i++) {
            life.step();
          }
          new Expiry(life.lab.ports()).of("orders");
          for (Backup backup : life.lab.catalogue.backups("orders")) {
            if (life.held(backup)) {
              assertThat(backup.state()).isNotEqualTo(BackupState.EXPIRED);
            }
          }
        });
  }

  @Test
  void aHoldInFilesIsPartOfTheProtectionItself() {
    Protection rules = Samples.protection("orders");
    Instant time = Samples.NOON;
    HeldDays days =
        new HeldDays(
            Optional.of(LocalDate.ofInstant(time, ZoneOffset.UTC)),
            Optional.empty(),
            ZoneOffset.UTC);
    RunnerLab lab = new RunnerLab();
    lab.protect(rules.withOptions(rules.options().with(HoldFields.PREFIX + "case-1", days.text())));
    assertThat(lab.ports().source(lab.catalogue.protection("orders").orElseThrow()).options())
        .isEqualTo(rules.options());
    assertThat(HoldFields.of(lab.catalogue.protection("orders").orElseThrow()))
        .containsEntry("case-1", days);
  }
}
