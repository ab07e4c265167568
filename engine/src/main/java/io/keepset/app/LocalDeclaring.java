package io.keepset.app;

import io.keepset.app.state.SpentApprovals;
import io.keepset.plan.Spent;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.RunnerPlatform;
import io.keepset.spi.Platform;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes up what policies declare, in the state that is open here. */
final class LocalDeclaring implements Keepset.Declaring {
  private final RunnerPlatform runner;
  private final SettingsInForce settings;
  private final KnownDeclarations known;
  private final LocalHolds holds;
  private final DeclaredStores stores;
  private final SpentApprovals spentApprovals;
  private SortedSet<String> plannedStores = new TreeSet<>();
  private RunnerPlatform planned;

  LocalDeclaring(
      RunnerPlatform runner,
      SettingsInForce settings,
      KnownDeclarations known,
      LocalHolds holds,
      DeclaredStores stores,
      SpentApprovals spentApprovals) {
    this.runner = runner;
    this.settings = settings;
    this.known = known;
    this.holds = holds;
    this.stores = stores;
    this.spentApprovals = spentApprovals;
    this.planned = runner;
  }

  /** One that would answer as the last one is the last one, with what it remembers. */
  @Override
  public synchronized SortedMap<String, Platform> planning(Collection<String> declared) {
    TreeSet<String> names = new TreeSet<>(stores.names());
    names.addAll(declared);
    if (planned == runner || !names.equals(plannedStores)) {
      plannedStores = names;
      planned = runner.planning(names);
    }
    return new TreeMap<>(Map.of(RunnerPlatform.NAME, planned));
  }

  @Override
  public void remember(Settings declared) {
    settings.remember(declared);
  }

  @Override
  public void remember(Collection<DeclaredHold> declared, boolean whole) {
    holds.takeUp(declared, whole);
  }

  @Override
  public Footing footing() {
    return known.footing();
  }

  @Override
  public void remember(Footing footing) {
    known.footing(footing);
  }

  @Override
  public void remember(StoreSpec store) {
    stores.remember(store);
  }

  @Override
  public SortedMap<String, Spent> spent() {
    return spentApprovals.all();
  }

  @Override
  public void spend(List<Spent> used) {
    used.forEach(spentApprovals::add);
  }
}
