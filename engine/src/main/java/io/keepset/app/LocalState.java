package io.keepset.app;

import io.keepset.app.notify.Courier;
import io.keepset.app.notify.Heralds;
import io.keepset.app.security.StoredTokens;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.app.store.KeyFile;
import io.keepset.app.store.StoreFactory;
import io.keepset.app.terraform.state.KeptStates;
import io.keepset.app.terraform.state.LocalStates;
import io.keepset.app.terraform.state.StateKeys;
import io.keepset.app.wal.LocalWal;
import io.keepset.app.wal.StoresWithLogs;
import io.keepset.app.watch.DriftWatch;
import io.keepset.app.watch.Lookouts;
import io.keepset.app.watch.MeasuredOperations;
import io.keepset.app.watch.MeasuredPlatform;
import io.keepset.app.watch.RecordedStores;
import io.keepset.app.watch.RunCounts;
import io.keepset.app.watch.StatusJson;
import io.keepset.diagnostic.Severity;
import io.keepset.drivers.Drivers;
import io.keepset.policy.Alerting;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.retention.BackupState;
import io.keepset.runner.BackupIds;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Journal;
import io.keepset.runner.OpenStore;
import io.keepset.runner.Recovery;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.RunnerPorts;
import io.keepset.source.MapNode;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.wal.WalCheck;
import io.keepset.wal.WalRescan;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The state of an installation, opened by this process: catalogue, stores, keys, and the runner on
 * top of them.
 */
public final class LocalState implements AutoCloseable {
  private static final Set<BackupState> HAVE_BYTES =
      EnumSet.of(BackupState.CREATED, BackupState.RESTORING, BackupState.EXPIRED);

  private final StateDatabase database;
  private final DeclaredStores stores;
  private final RunnerPorts ports;
  private final LocalHolds holds;
  private final KnownDeclarations declared;
  private final SettingsInForce settings;
  private final Clock clock;
  private final Path data;
  private final RunnerPlatform runner;
  private final LocalLedger ledger;
  private final StateKeys terraformKeys;
  private final KeptStates terraformStates;
  private final RunCounts runCounts = new RunCounts();
  private volatile Runnable tokensChange = () -> {};

  private LocalState(
      StateDatabase database,
      Path data,
      Clock clock,
      Secrets secrets,
      Journal journal,
      Consumer<String> note) {
    this.database = database;
    this.clock = clock;
    this.data = data;
    KeyFile key = new KeyFile(data, note);
    StoreFactory factory = new StoreFactory(secrets, key);
    this.declared = new KnownDeclarations(database.declarations());
    this.settings = new SettingsInForce(declared);
    this.stores = new DeclaredStores(declared, spec -> open(spec, factory, key));
    this.holds = new LocalHolds(database, clock);
    this.ports =
        new RunnerPorts(
            Version.current(),
            clock,
            database.catalogue(),
            database.leases(),
            stores,
            Drivers.engines(clock, Optional.of(data), stores::declared),
            secrets,
            new BackupIds(new SecureRandom()),
            journal,
            settings::suspiciousBelowPercent,
            holds);
    this.runner = new RunnerPlatform(ports);
    this.ledger =
        new LocalLedger(
            database.baseline(),
            stores::specs,
            ports.engines(),
            secrets,
            clock,
            this::lookWhetherDriftEnded);
    this.terraformKeys =
        new StateKeys(
            key,
            secrets,
            () -> settings.terraform().key(),
            database.dialect().shared(),
            () -> database.terraformStates().keyIds(),
            () -> stores.specs().values().stream().anyMatch(this::isSealedByFile));
    this.terraformStates =
        new KeptStates(database.terraformStates(), terraformKeys, settings::terraform, clock);
  }

  /** The age from which on a lock on one of Terraform's states is told of. */
  public Duration staleLock() {
    return settings.terraform().staleLock();
  }

  private boolean isSealedByFile(StoreSpec spec) {
    return needsFile(spec) && isUsed(spec.name());
  }

  private static boolean needsFile(StoreSpec spec) {
    return spec.options().get("encryption.key").isEmpty()
        && !spec.options().flag("encryption.disabled", false);
  }

  /** Looks for drift; the watch tells what is found. */
  void lookForDrift() {
    try {
      new DriftWatch(database.declarations())
          .looked(ledger.drift(Map.of(RunnerPlatform.NAME, runner)));
    } catch (DriverException e) {
      ports.journal().tell(Severity.ERROR, "drift", String.valueOf(e.getMessage()));
    }
  }

  /** What an apply put right is not told any longer, even where no server looks again. */
  private void lookWhetherDriftEnded() {
    if (new DriftWatch(database.declarations()).tells()) {
      lookForDrift();
    }
  }

  /** From now on drift asks this for schedules that will not run. */
  public void watchSchedules(Supplier<SortedMap<TargetId, String>> idle) {
    ledger.watchSchedules(idle);
  }

  /**
   * Opens the state, and makes it if there is none.
   *
   * @param note hears what the operator must know, such as where a new key lies
   */
  public static LocalState open(
      Path data,
      Clock clock,
      Secrets secrets,
      Map<String, String> environment,
      Journal journal,
      Consumer<String> note)
      throws DriverException {
    StateDatabase database = StateDatabase.open(StateSettings.of(data, environment), secrets);
    LocalState state = new LocalState(database, data, clock, secrets, journal, note);
    if (!database.dialect().shared()) {
      // The file is ours alone: whatever is under way in it belongs to a process that died.
      new Recovery(state.ports, Duration.ZERO).run();
    }
    return state;
  }

  private OpenStore open(StoreSpec spec, StoreFactory factory, KeyFile key) throws DriverException {
    if (needsFile(spec) && !key.exists()) {
      refuseNewKey(spec, key);
    }
    return factory.open(spec, () -> !isUsed(spec.name()));
  }

  /** A new key is right for a new installation only. */
  private void refuseNewKey(StoreSpec spec, KeyFile key) throws DriverException {
    if (isUsed(spec.name()) || terraformKeys.isFileWanted()) {
      throw new DriverException(
          Kind.DENIED,
          "the encryption key "
              + key.path()
              + " is gone, and "
              + (isUsed(spec.name()) ? "the backups in store " + spec.name() : "Terraform's states")
              + " can't be read without it: put your copy back");
    }
    if (database.dialect().shared()) {
      throw new DriverException(
          Kind.DENIED,
          "several nodes share this state, so store "
              + spec.name()
              + " needs a key that all of"
              + " them have: make one with openssl rand -base64 32 and name it as encryption.key");
    }
  }

  private boolean isUsed(String store) {
    return database.catalogue().inState(HAVE_BYTES).stream()
        .anyMatch(backup -> backup.store().equals(Optional.of(store)));
  }

  public StateDatabase database() {
    return database;
  }

  /** The states that Terraform keeps here. */
  public KeptStates terraformStates() {
    return terraformStates;
  }

  public Catalogue catalogue() {
    return ports.catalogue();
  }

  public RunnerPorts ports() {
    return ports;
  }

  public RunnerPlatform runner() {
    return runner;
  }

  /** The backup verbs of the runner, counted and measured. */
  public BackupOperations operations() {
    return new MeasuredOperations(
        runner.operations().orElseThrow(), database.watchRecords(), runCounts, ports.clock());
  }

  /** Logs of databases. */
  public LocalWal wal() {
    return new LocalWal(ports, database.wal(), operations(), data);
  }

  public RunCounts runCounts() {
    return runCounts;
  }

  /** How many backups may run at once in all stores together. */
  public int mostRuns() {
    return settings.mostRuns();
  }

  /** What stores were declared as, by name; for their own limits. */
  public Map<String, StoreSpec> storeSpecs() {
    return stores.specs();
  }

  /** What an installation on this state is made of. */
  public Keepset.Parts parts() {
    TreeMap<String, Platform> platforms = new TreeMap<>();
    platforms.put(RunnerPlatform.NAME, new MeasuredPlatform(runner, operations()));
    AuditTrail trail = new LocalTrail(database.audit(), clock);
    return new Keepset.Parts(
        platforms,
        new RecordedStores(
            new StoresWithLogs(
                runner.stores(),
                new WalCheck(ports, database.wal()),
                new WalRescan(ports, database.wal())),
            database.watchRecords(),
            ports.clock()),
        holds,
        trail,
        new StoredTokens(database.tokens(), trail, clock, () -> tokensChange.run()),
        new LocalDeclaring(runner, settings, declared, holds, stores, database),
        new LocalReporting(),
        ledger,
        wal(),
        new LocalStates(terraformStates, this::staleLock, clock),
        "here",
        this::close);
  }

  /** From now on this is told when tokens change. */
  public void watchTokens(Runnable changed) {
    tokensChange = changed;
  }

  /** Has whoever watches tokens look again. */
  public void tokensMayHaveChanged() {
    tokensChange.run();
  }

  /** Who hears of problems. */
  public Alerting alerting() {
    return settings.alerting();
  }

  /** For as long as this process runs; what is applied is remembered for good. */
  public void alerting(Alerting newAlerting) {
    settings.alerting(newAlerting);
  }

  @Override
  public void close() {
    stores.close();
    database.close();
  }

  private final class LocalReporting implements Keepset.Reporting {
    @Override
    public MapNode status() {
      return StatusJson.of(
          Lookouts.ofCommand(database, () -> stores.specs().keySet(), LocalState.this::staleLock)
              .look(ports.clock().instant()));
    }

    @Override
    public MapNode testNotifications(Optional<String> receiver) throws DriverException {
      return Heralds.test(
          new Courier(ports.secrets(), ports.clock()), settings.alerting(), receiver);
    }
  }
}
