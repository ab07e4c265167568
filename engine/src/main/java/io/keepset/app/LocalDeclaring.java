package io.keepset.app;

import io.keepset.app.state.SpentApprovals;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.TerraformStates;
import io.keepset.plan.Spent;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TerraformStateRules;
import io.keepset.runner.RunnerPlatform;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes up what policies declare, in the state that is open here. */
final class LocalDeclaring implements Keepset.Declaring {
  private final RunnerPlatform runner;
  private final SettingsInForce settings;
  private final KnownDeclarations known;
  private final LocalHolds holds;
  private final DeclaredStores stores;
  private final SpentApprovals spentApprovals;
  private final TerraformStates states;
  private Collection<StoreSpec> plannedStores = List.of();
  private RunnerPlatform planned;

  LocalDeclaring(
      RunnerPlatform runner,
      SettingsInForce settings,
      KnownDeclarations known,
      LocalHolds holds,
      DeclaredStores stores,
      StateDatabase database) {
    this.runner = runner;
    this.settings = settings;
    this.known = known;
    this.holds = holds;
    this.stores = stores;
    this.spentApprovals = database.spentApprovals();
    this.states = database.terraformStates();
    this.planned = runner;
  }

  /** One that would answer as the last one is the last one, with what it remembers. */
  @Override
  public synchronized SortedMap<String, Platform> planning(Collection<StoreSpec> declared) {
    List<StoreSpec> all = new ArrayList<>(stores.declared());
    all.addAll(declared);
    if (planned == runner || !StoreSpec.areAs(all, plannedStores)) {
      plannedStores = all;
      planned = runner.planning(declared);
    }
    return new TreeMap<>(Map.of(RunnerPlatform.NAME, planned));
  }

  @Override
  public void remember(Settings declared) {
    settings.remember(declared);
  }

  @Override
  public Optional<TerraformStateRules> statesInForce() {
    return known.settings().isPresent() || !states.keyIds().isEmpty()
        ? Optional.of(settings.terraform())
        : Optional.empty();
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
