package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import io.keepset.testing.Laws;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds of copies and originals whatever happens to them. */
class CopyLawsTest {
  private static final Duration GRACE = Duration.ofDays(2);

  @Test
  void aCopyNeverCostsAnOriginalItsPlace() {
    Laws.forAll(
        40,
        random -> {
          Retention ofOriginals = any(random);
          Protection alone = Samples.protection("orders", ofOriginals, GRACE);
          RunnerLab without = new RunnerLab().withFarStore().protect(alone);
          RunnerLab with =
              new RunnerLab()
                  .withFarStore()
                  .protect(Samples.copied(alone, "dr", "far", any(random)));
          long seed = random.nextLong();
          live(without, new Random(seed), EnumSet.allOf(Trouble.class));
          live(with, new Random(seed), EnumSet.allOf(Trouble.class));

          assertThat(fates(Copies.originals(with.catalogue.backups("orders"))))
              .isEqualTo(fates(Copies.originals(without.catalogue.backups("orders"))));
        });
  }

  @Test
  void anOriginalNeverCostsACopyItsPlace() {
    Laws.forAll(
        40,
        random -> {
          Retention ofCopies = any(random);
          RunnerLab few = new RunnerLab().withFarStore().protect(copied(any(random), ofCopies));
          RunnerLab all =
              new RunnerLab()
                  .withFarStore()
                  .protect(copied(Samples.tiers(new TreeMap<>()), ofCopies));
          long seed = random.nextLong();
          live(few, new Random(seed), Set.of(Trouble.FAILING_RUNS));
          live(all, new Random(seed), Set.of(Trouble.FAILING_RUNS));

          assertThat(fates(copies(few))).isEqualTo(fates(copies(all)));
        });
  }

  @Test
  void whatWasCopiedIsNotMissingAndWhatIsMissingIsCopied() {
    Laws.forAll(
        40,
        random -> {
          Protection protection = copied(any(random), any(random));
          RunnerLab lab = new RunnerLab().withFarStore().protect(protection);
          live(lab, random, EnumSet.allOf(Trouble.class));
          lab.stores.put("far", lab.far);
          copyAll(lab);
          Copying again = new Copying(lab.ports(), Places.UNLIMITED);
          assertThat(again.all()).isEqualTo(new Copying.Report(List.of(), List.of()));
          new Expiry(lab.ports()).all();
          assertThat(again.all().made()).as("what expired is not copied again").isEmpty();
          Copy copy = protection.copies().get("dr");
          List<Backup> backups = lab.catalogue.backups("orders");
          assertThat(Copies.missing(backups, copy, protection.zone(), lab.now)).isEmpty();
        });
  }

  @Test
  void afterAnyDeathsCatalogueAndStoresAgree() {
    Laws.forAll(
        25,
        random -> {
          RunnerLab lab = new RunnerLab().withFarStore().protect(copied(any(random), any(random)));
          Catalogue catalogue = lab.catalogue;
          Map<String, Store> stores = new TreeMap<>(lab.stores);
          for (int life = 0; life < 4; life++) {
            int last = 1 + random.nextInt(120);
            Mortality mortality =
                new Mortality(m -> m.number() == last, random.nextBoolean(), () -> {});
            lab.catalogue = mortality.wrap(catalogue);
            stores.forEach((name, store) -> lab.stores.put(name, mortality.wrap(store)));
            try {
              new Recovery(lab.ports(), Duration.ZERO).run();
              live(lab, random, Set.of(Trouble.FAILING_RUNS, Trouble.ODD_SIZES));
            } catch (Mortality.Dead e) {
              // as foretold
            }
            lab.catalogue = catalogue;
            lab.stores.putAll(stores);
            lab.leases = new LocalLeases();
            lab.engine.failLate = Optional.empty();
          }
          new Recovery(lab.ports(), Duration.ZERO).run();

          int counted =
              catalogue.inState(EnumSet.of(BackupState.CREATED, BackupState.EXPIRED)).size();
          assertThat(catalogue.inState(EnumSet.of(BackupState.CREATING))).isEmpty();
          assertThat(catalogue.deleting()).isEmpty();
          int found = 0;
          for (String store : stores.keySet()) {
            var check = new RunnerStores(lab.ports()).check(store, true, Progress.NONE);
            assertThat(check.findings()).extracting(Diagnostic::message).isEmpty();
            found += check.backups();
          }
          assertThat(found).isEqualTo(counted);
          InMemoryCatalogue rebuilt = new InMemoryCatalogue();
          catalogue.protections().values().forEach(rebuilt::protect);
          lab.catalogue = rebuilt;
          for (String store : stores.keySet()) {
            new RunnerStores(lab.ports()).rescan(store, Progress.NONE);
          }
          assertThat(rebuilt.backups("orders"))
              .extracting(Backup::id)
              .containsExactlyInAnyOrderElementsOf(
                  catalogue.inState(EnumSet.of(BackupState.CREATED, BackupState.EXPIRED)).stream()
                      .map(Backup::id)
                      .toList());
        });
  }

  private enum Trouble {
    FAILING_RUNS,
    /** Some are suspicious, which depends on which earlier ones are still there. */
    ODD_SIZES,
    THE_OTHER_STORE_IS_AWAY
  }

  /** Some days of an installation. */
  private static void live(RunnerLab lab, Random random, Set<Trouble> troubles) throws Exception {
    for (int day = 0; day < 12; day++) {
      int size = 1 + random.nextInt(200);
      boolean odd = troubles.contains(Trouble.ODD_SIZES);
      lab.engine.databases.put("orders", "x".repeat(odd ? size : 200));
      boolean fails = random.nextInt(8) == 0 && troubles.contains(Trouble.FAILING_RUNS);
      lab.engine.failLate =
          fails ? Optional.of(new DriverException(Kind.TRANSIENT, "no")) : Optional.empty();
      BackupKind kind = random.nextInt(5) == 0 ? BackupKind.ON_DEMAND : BackupKind.SCHEDULED;
      boolean away = random.nextInt(4) == 0;
      if (troubles.contains(Trouble.THE_OTHER_STORE_IS_AWAY)) {
        if (away) {
          lab.stores.remove("far");
        } else {
          lab.stores.put("far", lab.far);
        }
      }
      new BackupRun(lab.ports()).dump("orders", kind, Progress.NONE);
      copyAll(lab);
      new Expiry(lab.ports()).all();
      lab.now = lab.now.plus(Duration.ofHours(6L + random.nextInt(40)));
    }
  }

  private static void copyAll(RunnerLab lab) {
    new Copying(lab.ports(), Places.UNLIMITED).all();
  }

  private static Protection copied(Retention originals, Retention copies) {
    return Samples.copied(Samples.protection("orders", originals, GRACE), "dr", "far", copies);
  }

  private static List<Backup> copies(RunnerLab lab) {
    return lab.catalogue.backups("orders").stream()
        .filter(b -> b.kind() == BackupKind.COPY)
        .toList();
  }

  private static List<String> fates(List<Backup> backups) {
    return backups.stream()
        .map(b -> b.time() + " " + b.state() + " " + b.expiredAt() + " " + b.suspicious())
        .sorted()
        .toList();
  }

  private static Retention any(Random random) {
    TreeMap<Tier, Integer> tiers = new TreeMap<>();
    for (Tier tier : List.of(Tier.DAILY, Tier.WEEKLY)) {
      if (random.nextBoolean()) {
        tiers.put(tier, 1 + random.nextInt(4));
      }
    }
    return new Retention(1 + random.nextInt(3), tiers, new TreeMap<>(), random.nextInt(2), 1);
  }
}
