package io.keepset.reconcile;

import static io.keepset.plan.Samples.daily;
import static io.keepset.plan.Samples.desired;
import static io.keepset.plan.Samples.nightly;
import static io.keepset.plan.Samples.on;
import static io.keepset.plan.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.platform.memory.MemoryPlatform;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Guards;
import io.keepset.plan.Plan;
import io.keepset.plan.Precedents;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionsForTests;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private Instant clock = NOW;
  private final InstantSource time = () -> clock;
  private final MemoryPlatform runner = new MemoryPlatform("runner", time);
  private final MemoryPlatform rds = new MemoryPlatform("aws-rds", time);
  private final List<Duration> slept = new ArrayList<>();
  private final Reconciler reconciler =
      new Reconciler(
          Map.of("runner", runner, "aws-rds", rds),
          List.of(),
          Retry.usual(slept::add),
          Precedents.NONE);

  /** The same, with guards. */
  private final Reconciler guarded =
      new Reconciler(
          Map.of("runner", runner, "aws-rds", rds),
          Guards.always(),
          Retry.usual(slept::add),
          Precedents.NONE);

  @Test
  void appliesWhatIsDeclaredAndHasNothingToDoAfterwards() throws Exception {
    Report first = reconciler.run(desired(nightly("orders"), nightly("cache")), Mode.FULL, NOW);
    Report second = reconciler.run(desired(nightly("orders"), nightly("cache")), Mode.FULL, NOW);

    assertThat(first.outcomes()).hasSize(2).allMatch(o -> o.status() == Outcome.Status.DONE);
    assertThat(second.plan().hasChanges()).isFalse();
    assertThat(runner.writes()).isEqualTo(2);
  }

  @Test
  void takesAFinalBackupBeforeProtectionEndsAndKeepsTheOthers() throws Exception {
    reconciler.run(desired(nightly("orders"), nightly("cache")), Mode.FULL, NOW);
    Backup old = backup("orders", BackupKind.SCHEDULED);
    clock = NOW.plus(Duration.ofDays(1));

    Report report = reconciler.run(desired(nightly("cache")), Mode.FULL, clock);

    assertThat(report.outcomes().get(0).finalBackup()).isPresent();
    assertThat(backups("orders"))
        .extracting(Backup::kind)
        .containsExactly(BackupKind.SCHEDULED, BackupKind.FINAL);
    assertThat(report.plan().changes().get(1).impact().staying()).containsExactly(old);
    assertThat(runner.read().targets().get("orders").protection()).isEmpty();
  }

  @Test
  void takesNoSecondFinalBackupWhenEndingIsRepeated() throws Exception {
    reconciler.run(desired(nightly("orders"), nightly("cache")), Mode.FULL, NOW);
    backup("orders", BackupKind.FINAL);
    clock = NOW.plus(Duration.ofMinutes(5));

    reconciler.run(desired(nightly("cache")), Mode.FULL, clock);

    assertThat(backups("orders")).hasSize(1);
  }

  @Test
  void leavesTheScheduleInForceWhenTheFinalBackupFails() throws Exception {
    reconciler.run(desired(nightly("orders"), nightly("cache")), Mode.FULL, NOW);
    runner.fail("orders", new DriverException(Kind.DENIED, "no such role"));

    Report report = reconciler.run(desired(nightly("cache")), Mode.FULL, NOW);

    assertThat(report.failed()).isTrue();
    assertThat(report.outcomes().get(0).message().orElseThrow())
        .startsWith("the final backup failed, so the schedule goes on: no such role");
    assertThat(runner.read().targets().get("orders").protection()).isPresent();
  }

  @Test
  void letsOneFailureLeaveTheOthersAlone() throws Exception {
    runner.fail("b", new DriverException(Kind.REJECTED, "no"));

    Report report =
        reconciler.run(desired(nightly("a"), nightly("b"), nightly("c")), Mode.FULL, NOW);

    assertThat(report.outcomes())
        .extracting(o -> o.change().target().name() + " " + o.status())
        .containsExactly("a DONE", "b FAILED", "c DONE");
    assertThat(report.failed()).isTrue();
    assertThat(slept).isEmpty();
  }

  @Test
  void triesAgainWhatFailedForTheMomentButNotForever() throws Exception {
    runner.fail("a", new DriverException(Kind.TRANSIENT, "busy"));

    Report report = reconciler.run(desired(nightly("a")), Mode.FULL, NOW);

    assertThat(report.outcomes().get(0).message()).contains("busy");
    assertThat(slept)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(16));
  }

  @Test
  void succeedsWhenTheTroublePasses() throws Exception {
    runner.fail("a", new DriverException(Kind.TRANSIENT, "busy"));
    Reconciler patient =
        new Reconciler(
            Map.of("runner", runner),
            Guards.always(),
            Retry.usual(duration -> runner.recover("a")),
            Precedents.NONE);

    assertThat(patient.run(desired(nightly("a")), Mode.FULL, NOW).failed()).isFalse();
  }

  @Test
  void refusesAnEmptyPolicySet() throws Exception {
    reconciler.run(desired(nightly("a")), Mode.FULL, NOW);

    Report report = guarded.run(desired(), Mode.FULL, NOW);

    assertThat(report.refusals()).extracting(Diagnostic::code).startsWith("guard.empty");
    assertThat(runner.read().targets().get("a").protection()).isPresent();
  }

  @Test
  void refusesToDropAWishInSilence() throws Exception {
    Protection wish = on("runner", ProtectionsForTests.full());

    Report report = guarded.run(desired(wish, nightly("b")), Mode.FULL, NOW);

    assertThat(report.refusals()).extracting(Diagnostic::code).containsExactly("guard.unsupported");
    assertThat(runner.writes()).isZero();
  }

  @Test
  void namesThePlatformsThatThereAre() throws Exception {
    Proposal proposal = guarded.propose(desired(on("compose", nightly("a"))), Mode.FULL, NOW, 1);

    Diagnostic finding = proposal.plan().changes().get(0).findings().get(0);
    assertThat(finding.message()).isEqualTo("there is no platform compose here");
    assertThat(finding.hint()).isEqualTo("there are: aws-rds, runner");
  }

  @Test
  void writesOnlyWhatStrengthensInAdditiveMode() throws Exception {
    reconciler.run(desired(nightly("a"), nightly("gone")), Mode.FULL, NOW);

    Report report =
        reconciler.run(desired(with(nightly("a"), daily(7)), nightly("b")), Mode.ADDITIVE, NOW);

    assertThat(report.outcomes()).extracting(o -> o.change().target().name()).containsExactly("b");
    assertThat(report.plan().heldBack())
        .extracting(c -> c.target().name())
        .containsExactly("a", "gone");
    assertThat(report.failed()).isFalse();
  }

  @Test
  void refusesAStalePlanAndChangesNothing() throws Exception {
    Plan seen = reconciler.propose(desired(nightly("a")), Mode.FULL, NOW, 1).plan();
    reconciler.run(desired(nightly("a"), nightly("b")), Mode.FULL, NOW);
    int writes = runner.writes();

    Report report =
        reconciler.applyExactly(desired(nightly("a")), Mode.FULL, seen.hash(), NOW, o -> {});

    assertThat(report.refusals()).extracting(Diagnostic::code).containsExactly("plan.stale");
    assertThat(runner.writes()).isEqualTo(writes);
  }

  @Test
  void appliesAPlanThatStillHolds() throws Exception {
    Plan seen = reconciler.propose(desired(nightly("a")), Mode.FULL, NOW, 1).plan();
    List<Outcome> heard = new ArrayList<>();

    Report report =
        reconciler.applyExactly(desired(nightly("a")), Mode.FULL, seen.hash(), NOW, heard::add);

    assertThat(report.outcomes()).isEqualTo(heard).hasSize(1);
  }

  @Test
  void keepsTheOldProtectionWhenAMoveFails() throws Exception {
    reconciler.run(desired(nightly("a")), Mode.FULL, NOW);
    rds.fail("a", new DriverException(Kind.DENIED, "no rights"));

    Report report = reconciler.run(desired(on("aws-rds", nightly("a"))), Mode.FULL, NOW);

    assertThat(report.outcomes())
        .extracting(o -> o.change().action() + " " + o.status())
        .containsExactly("CREATE FAILED", "DELETE SKIPPED");
    assertThat(runner.read().targets().get("a").protection()).isPresent();
  }

  @Test
  void gradesACreateAsWeakeningWhenItsRulesWouldTakeBackupsThatStayed() throws Exception {
    for (int day = 0; day < 10; day++) {
      clock = NOW.minus(Duration.ofDays(day));
      reconciler.run(desired(nightly("a"), nightly("b")), Mode.FULL, clock);
      backup("a", BackupKind.SCHEDULED);
    }
    reconciler.run(desired(nightly("b")), Mode.FULL, NOW);

    Plan plan =
        reconciler
            .propose(desired(with(nightly("a"), daily(7)), nightly("b")), Mode.ADDITIVE, NOW, 1)
            .plan();

    Change create = plan.changes().get(0);
    assertThat(create.action()).isEqualTo(Action.CREATE);
    assertThat(create.impact().expiring()).isNotEmpty();
    assertThat(plan.heldBack()).containsExactly(create);
  }

  @Test
  void countsWhatAShorterRetentionCosts() throws Exception {
    for (int day = 29; day >= 0; day--) {
      clock = NOW.minus(Duration.ofDays(day));
      reconciler.run(desired(nightly("a")), Mode.FULL, clock);
      backup("a", BackupKind.SCHEDULED);
    }

    Change update =
        reconciler
            .propose(desired(with(nightly("a"), daily(7))), Mode.FULL, NOW, 1)
            .plan()
            .changes()
            .get(0);

    assertThat(update.impact().expiring()).hasSize(23);
    assertThat(update.impact().total()).isEqualTo(30);
    assertThat(update.impact().before().window()).contains(Duration.ofDays(29));
    assertThat(update.impact().after().window()).contains(Duration.ofDays(6));
    assertThat(update.impact().oldestLeft().orElseThrow().time())
        .isEqualTo(NOW.minus(Duration.ofDays(6)));
  }

  @Test
  void plansNothingAgainstAPlatformThatCannotBeRead() {
    Reconciler broken =
        new Reconciler(
            Map.of("runner", new UnreadablePlatform()),
            Guards.always(),
            Retry.usual(slept::add),
            Precedents.NONE);

    assertThatThrownBy(() -> broken.propose(desired(nightly("a")), Mode.FULL, NOW, 1))
        .isInstanceOf(DriverException.class)
        .hasMessage("no rights to list");
  }

  private Backup backup(String database, BackupKind kind) throws Exception {
    return runner.operations().orElseThrow().create(database, kind, Progress.NONE);
  }

  private List<Backup> backups(String database) {
    return runner.backups(List.of(database)).get(database);
  }
}
