package io.keepset.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Desired;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of every platform. A platform's test extends this and says how to open it and what to
 * wish for.
 */
public abstract class PlatformContract {
  private Platform platform;

  /** A platform without any target of ours; closed after the test. */
  protected abstract Platform open() throws Exception;

  /** Something that the platform can do, for a database of this name. */
  protected abstract Protection wish(String database);

  /** Something that it can't do; empty if it can do everything. */
  protected abstract Optional<Protection> unsupportedWish(String database);

  /**
   * Puts a target there that somebody else made, behind the platform's back.
   *
   * @return false if nobody else can make targets on this platform
   */
  protected abstract boolean putForeign(String database) throws Exception;

  /** The platform under test, for what a subclass adds. */
  protected final Platform platform() {
    return platform;
  }

  @BeforeEach
  void openPlatform() throws Exception {
    platform = open();
  }

  @AfterEach
  void closePlatform() {
    platform.close();
  }

  @Test
  void normalizingTwiceEqualsNormalizingOnce() {
    Protection once = platform.normalize(wish("orders"));

    assertThat(platform.normalize(once)).isEqualTo(once);
  }

  @Test
  void keepsTheTargetWhenItNormalizes() {
    assertThat(platform.normalize(wish("orders")).target()).isEqualTo(wish("orders").target());
  }

  @Test
  void readsBackWhatWasAppliedAsItNormalizedIt() throws Exception {
    apply(wish("orders"));

    assertThat(live("orders"))
        .returns(true, LiveTarget::owned)
        .returns(Optional.of(platform.normalize(wish("orders"))), LiveTarget::protection);
  }

  @Test
  void needsNoFurtherChangeAfterAnApply() throws Exception {
    apply(wish("orders"), wish("sessions"));

    assertThat(plan(wish("orders"), wish("sessions")).hasChanges()).isFalse();
  }

  @Test
  void takesTheSameCreateTwice() throws Exception {
    Change create = plan(wish("orders")).changes().get(0);

    platform.apply(create);
    platform.apply(create);

    assertThat(plan(wish("orders")).hasChanges()).isFalse();
  }

  @Test
  void takesTheSameUpdateTwice() throws Exception {
    apply(wish("orders"));
    Change update = plan(changed("orders")).changes().get(0);

    platform.apply(update);
    platform.apply(update);

    assertThat(update.action()).isEqualTo(Action.UPDATE);
    assertThat(plan(changed("orders")).hasChanges()).isFalse();
  }

  @Test
  void takesTheSameDeleteTwice() throws Exception {
    apply(wish("orders"));
    Change delete = plan().changes().get(0);

    platform.apply(delete);
    platform.apply(delete);

    assertThat(delete.action()).isEqualTo(Action.DELETE);
    assertThat(plan().hasChanges()).isFalse();
  }

  @Test
  void updatesOneTargetWithoutTouchingTheOthers() throws Exception {
    apply(wish("orders"), wish("sessions"));
    LiveTarget before = live("sessions");

    platform.apply(plan(changed("orders"), wish("sessions")).applicable().get(0));

    assertThat(live("sessions")).isEqualTo(before);
  }

  @Test
  void readsTheSameTwice() throws Exception {
    apply(wish("orders"));

    assertThat(platform.read()).isEqualTo(platform.read());
  }

  @Test
  void neverTouchesWhatItDoesNotOwn() throws Exception {
    assumeTrue(putForeign("theirs"), "nobody else makes targets on this platform");
    LiveTarget before = live("theirs");
    Change update = forced(Action.UPDATE, changed("theirs"));

    DriverException refusal =
        catchThrowableOfType(DriverException.class, () -> platform.apply(update));

    assertThat(before.owned()).isFalse();
    assertThat(refusal.kind()).isEqualTo(DriverException.Kind.REJECTED);
    assertThat(refusal).hasMessageContaining("theirs");
    assertThat(live("theirs")).isEqualTo(before);
  }

  @Test
  void saysBeforehandWhatItCannotDo() {
    Optional<Protection> wish = unsupportedWish("orders");
    assumeTrue(wish.isPresent(), "this platform can do everything");

    List<Diagnostic> findings = platform.capabilities().unsupported(wish.get());

    assertThat(findings)
        .isNotEmpty()
        .allMatch(Diagnostic::isError)
        .allMatch(finding -> finding.pointer() != null, "names the field")
        .allMatch(finding -> finding.hint() != null, "says what to do");
  }

  @Test
  void findsNothingWrongWithWhatItCanDo() {
    assertThat(platform.capabilities().unsupported(wish("orders"))).isEmpty();
    assertThat(platform.capabilities().unsupported(platform.normalize(wish("orders")))).isEmpty();
  }

  @Test
  void answersForEveryDatabaseThatIsAskedFor() throws Exception {
    apply(wish("orders"));

    SortedMap<String, List<Backup>> backups = platform.backups(List.of("orders", "unknown"));

    assertThat(backups.keySet()).containsExactly("orders", "unknown");
    assertThat(backups.get("unknown")).isEmpty();
  }

  @Test
  void listsABackupThatItMade() throws Exception {
    BackupOperations operations = operations();
    apply(wish("orders"));

    Backup made = operations.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    assertThat(made.state()).as(made.toString()).isEqualTo(BackupState.CREATED);
    assertThat(platform.backups(List.of("orders")).get("orders"))
        .extracting(Backup::id)
        .containsExactly(made.id());
  }

  @Test
  void keepsBackupsWhenProtectionEnds() throws Exception {
    BackupOperations operations = operations();
    apply(wish("orders"));
    Backup made = operations.create("orders", BackupKind.FINAL, Progress.NONE);

    apply();

    assertThat(platform.backups(List.of("orders")).get("orders"))
        .extracting(Backup::id)
        .containsExactly(made.id());
    assertThat(live("orders").protection()).isEmpty();
    assertThat(live("orders").owned()).isTrue();
  }

  @Test
  void takesADatabaseBackWithTheBackupsThatStayed() throws Exception {
    BackupOperations operations = operations();
    apply(wish("orders"));
    Backup made = operations.create("orders", BackupKind.FINAL, Progress.NONE);
    apply();

    apply(wish("orders"));

    assertThat(plan(wish("orders")).hasChanges()).isFalse();
    assertThat(platform.backups(List.of("orders")).get("orders"))
        .extracting(Backup::id)
        .containsExactly(made.id());
  }

  @Test
  void takesOverWhatIsDeclaredAsItIsAndMayThenChangeIt() throws Exception {
    assumeTrue(putForeign("theirs"), "nobody else can make targets here");
    Protection found = live("theirs").protection().orElseThrow();
    Change takeover = plan(found).changes().get(0);

    platform.apply(takeover);
    platform.apply(takeover);

    assertThat(takeover.action()).isEqualTo(Action.ADOPT);
    assertThat(live("theirs")).isEqualTo(new LiveTarget(found.target(), Optional.of(found), true));
    assertThat(plan(changed("theirs")).changes().get(0).action()).isEqualTo(Action.UPDATE);
  }

  private BackupOperations operations() {
    Optional<BackupOperations> operations = platform.operations();
    assumeTrue(operations.isPresent(), "this platform has no backup verbs");
    return operations.get();
  }

  /** The wish with one more backup to keep. */
  private Protection changed(String database) {
    Protection p = wish(database);
    Retention r = p.retention();
    return p.change()
        .retention(new Retention(r.last() + 1, r.tiers(), r.within(), r.onDemand(), r.minimum()))
        .build();
  }

  private Change forced(Action action, Protection after) throws Exception {
    TreeMap<String, LiveTarget> owned = new TreeMap<>();
    platform
        .read()
        .targets()
        .forEach(
            (name, live) ->
                owned.put(name, new LiveTarget(live.target(), live.protection(), true)));
    Change change =
        Planner.compare(
                desired(after), Map.of(after.target().platform(), new Inventory(owned)), Mode.FULL)
            .changes()
            .stream()
            .filter(c -> c.target().equals(after.target()))
            .findFirst()
            .orElseThrow();
    assertThat(change.action()).isEqualTo(action);
    return change;
  }

  private LiveTarget live(String database) throws Exception {
    LiveTarget live = platform.read().targets().get(database);
    assertThat(live).as(database).isNotNull();
    return live;
  }

  private void apply(Protection... wishes) throws Exception {
    for (Change change : plan(wishes).applicable()) {
      platform.apply(change);
    }
  }

  private Plan plan(Protection... wishes) throws Exception {
    String name = wish("any").target().platform();
    return Planner.compare(desired(wishes), Map.of(name, platform.read()), Mode.FULL);
  }

  private Desired desired(Protection... wishes) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    for (Protection wish : wishes) {
      databases.put(
          wish.name(),
          new Resolved(
              platform.normalize(wish), "gold", new TreeMap<>(), new Location("a.yaml", 1, 1)));
    }
    return new Desired(Revision.DIRECTORY, databases, new TreeMap<>(), List.of());
  }
}
