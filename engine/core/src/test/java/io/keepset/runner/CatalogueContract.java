package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalogue promises; each implementation extends this. */
public abstract class CatalogueContract {
  private Catalogue catalogue;

  /** An empty catalogue; called once per test. */
  protected abstract Catalogue open() throws Exception;

  @BeforeEach
  void openCatalogue() throws Exception {
    catalogue = open();
  }

  @Test
  void givesBackProtectionsAsTheyWerePut() {
    Protection orders = Samples.protection("orders");
    catalogue.protect(orders);
    catalogue.protect(Samples.protection("billing"));

    assertThat(catalogue.protection("orders")).contains(orders);
    assertThat(catalogue.protections()).containsOnlyKeys("billing", "orders");
    assertThat(catalogue.protection("nosuch")).isEmpty();
  }

  @Test
  void theLastProtectionOfADatabaseHolds() {
    Protection before = Samples.protection("orders");
    Protection after =
        new Protection(
            before.target(),
            "postgresql",
            before.schedules(),
            Samples.keepLast(30),
            Optional.of(java.time.Duration.ofDays(7)),
            before.copies(),
            false,
            java.time.Duration.ofHours(1),
            before.objective(),
            Optional.of(
                new Suspension(false, "moving house", Optional.of(LocalDate.of(2027, 1, 1)))),
            before.labels(),
            Optional.empty(),
            before.connection().with("port", "5433"),
            before.options().with("exclude[0]", "schema \"audit\" …"));
    catalogue.protect(before);
    catalogue.protect(after);

    assertThat(catalogue.protections().values()).containsExactly(after);
  }

  @Test
  void endingAProtectionKeepsItsBackups() {
    catalogue.protect(Samples.protection("orders"));
    catalogue.insert(Samples.created("orders", Samples.NOON));
    catalogue.unprotect("orders");
    catalogue.unprotect("orders");

    assertThat(catalogue.protections()).isEmpty();
    assertThat(catalogue.backups("orders")).hasSize(1);
    assertThat(catalogue.databases()).containsExactly("orders");
  }

  @Test
  void givesBackEveryFieldOfABackup() {
    Instant t = Instant.parse("2026-11-21T02:07:00.123456Z");
    Backup full =
        new Backup(
            "orders-20261121T020700Z-x7k2",
            "orders",
            "postgresql",
            BackupKind.COPY,
            BackupState.EXPIRED,
            t,
            Optional.of(t.plusSeconds(1)),
            OptionalLong.of(Long.MAX_VALUE),
            OptionalLong.of(0),
            Optional.of(t.plusSeconds(2)),
            Optional.of(t.plusSeconds(3)),
            Optional.of(t.plusSeconds(4)),
            true,
            Optional.of("main"),
            Optional.of("two\nlines, \"quoted\" — ü"),
            Optional.of(new CopyOf("orders-20261121T020700Z-aaaa", "dr")),
            Optional.of(t.plusSeconds(5)));
    Backup empty = Samples.backup("orders", Samples.NOON, BackupState.CREATING);
    catalogue.insert(full);
    catalogue.insert(empty);

    assertThat(catalogue.find(full.id())).contains(full);
    assertThat(catalogue.find(empty.id())).contains(empty);
    assertThat(catalogue.find("nosuch")).isEmpty();
  }

  @Test
  void listsOldestFirstAndHidesTheDeleted() {
    Backup third = Samples.created("orders", Samples.NOON.plusSeconds(3));
    Backup first = Samples.created("orders", Samples.NOON);
    Backup second = Samples.backup("orders", Samples.NOON.plusSeconds(2), BackupState.FAILED);
    Backup gone =
        BackupLife.gone(Samples.backup("orders", Samples.NOON.plusSeconds(1), BackupState.DELETED));
    Backup other = Samples.created("billing", Samples.NOON);
    List.of(third, first, second, gone, other).forEach(catalogue::insert);

    assertThat(catalogue.backups("orders")).containsExactly(first, second, third);
    assertThat(catalogue.backups(List.of("orders", "nosuch")))
        .containsOnlyKeys("nosuch", "orders")
        .containsEntry("nosuch", List.of())
        .containsEntry("orders", List.of(first, second, third));
    assertThat(catalogue.find(gone.id())).contains(gone);
  }

  @Test
  void aDatabaseWhoseBackupsAreAllDeletedIsForgotten() {
    catalogue.insert(Samples.backup("old", Samples.NOON, BackupState.DELETED));
    catalogue.insert(Samples.backup("kept", Samples.NOON, BackupState.EXPIRED));
    catalogue.protect(Samples.protection("fresh"));

    assertThat(catalogue.databases()).containsExactly("fresh", "kept");
  }

  @Test
  void findsByState() {
    Backup creating = Samples.backup("orders", Samples.NOON, BackupState.CREATING);
    Backup restoring =
        Samples.backup("billing", Samples.NOON.minusSeconds(1), BackupState.RESTORING);
    catalogue.insert(creating);
    catalogue.insert(restoring);
    catalogue.insert(Samples.created("orders", Samples.NOON.plusSeconds(1)));

    assertThat(catalogue.inState(EnumSet.of(BackupState.CREATING, BackupState.RESTORING)))
        .containsExactly(restoring, creating);
    assertThat(catalogue.inState(EnumSet.noneOf(BackupState.class))).isEmpty();
  }

  @Test
  void aDeletionIsOpenUntilTheStoreIsForgotten() {
    Backup half = Samples.backup("orders", Samples.NOON, BackupState.DELETED);
    catalogue.insert(half);
    catalogue.insert(Samples.created("orders", Samples.NOON.plusSeconds(1)));
    assertThat(catalogue.deleting()).containsExactly(half);

    assertThat(catalogue.update(BackupLife.gone(half), BackupState.DELETED)).isTrue();
    assertThat(catalogue.deleting()).isEmpty();
  }

  @Test
  void anIdIsTakenOnce() {
    Backup backup = Samples.created("orders", Samples.NOON);
    catalogue.insert(backup);

    assertThatThrownBy(() -> catalogue.insert(backup))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(backup.id());
  }

  @Test
  void updatesOnlyFromTheExpectedState() {
    Backup creating = Samples.backup("orders", Samples.NOON, BackupState.CREATING);
    Backup failed = BackupLife.failed(creating, Samples.NOON, "disk full");
    catalogue.insert(creating);

    assertThat(catalogue.update(failed, BackupState.CREATED)).isFalse();
    assertThat(catalogue.find(creating.id())).contains(creating);
    assertThat(catalogue.update(failed, BackupState.CREATING)).isTrue();
    assertThat(catalogue.find(creating.id())).contains(failed);
    assertThat(catalogue.update(Samples.created("nosuch", Samples.NOON), BackupState.CREATED))
        .isFalse();
  }

  @Test
  void ofManyWhoMoveABackupAtOnceOneWins() throws Exception {
    int rivals = 8;
    Backup backup = Samples.created("orders", Samples.NOON);
    catalogue.insert(backup);
    CyclicBarrier start = new CyclicBarrier(rivals);
    Callable<Boolean> move =
        () -> {
          start.await();
          return catalogue.update(BackupLife.restoring(backup), BackupState.CREATED);
        };

    ExecutorService threads = Executors.newFixedThreadPool(rivals);
    List<Boolean> won = new ArrayList<>();
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < rivals; i++) {
        results.add(threads.submit(move));
      }
      for (Future<Boolean> result : results) {
        won.add(result.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(won).containsOnlyOnce(true);
  }
}
