package io.keepset.app.schedule;

import io.keepset.runner.Leases;
import io.keepset.runner.Places;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * How many runs may work at once. Asked for anew before each run, so that a change of policy needs
 * no restart.
 *
 * @param all on all nodes together, at least 1
 * @param ofStore by name of the store; 0 means no limit of its own
 */
public record RunLimits(IntSupplier all, ToIntFunction<String> ofStore) {
  /** The same places, for copies: they take one in all, and one of the store that they go to. */
  public Places places(Leases leases) {
    Slots slots = new Slots(leases, this);
    return store -> slots.take(Optional.of(store)).map(slot -> slot::close);
  }
}
