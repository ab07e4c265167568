package io.keepset.app.http;

import io.keepset.app.Footing;
import io.keepset.app.Keepset;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

final class FakeDeclared implements Keepset.Declaring {
  final List<StoreSpec> remembered = new ArrayList<>();
  final List<DeclaredHold> holds = new ArrayList<>();
  final List<Boolean> wholes = new ArrayList<>();

  @Override
  public SortedMap<String, Platform> planning(Collection<StoreSpec> stores) {
    return new TreeMap<>();
  }

  @Override
  public void remember(Settings settings) {}

  @Override
  public void remember(Collection<DeclaredHold> declared, boolean whole) {
    holds.addAll(declared);
    wholes.add(whole);
  }

  @Override
  public Footing footing() {
    return Footing.NONE;
  }

  @Override
  public void remember(Footing footing) {}

  @Override
  public void remember(StoreSpec store) {
    remembered.add(store);
  }
}
