package io.keepset.app.schedule;

import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * How many runs may work at once. Asked for anew before each run, so that a change of policy needs
 * no restart.
 *
 * @param all on all nodes together, at least 1
 * @param ofStore by name of the store; 0 means no limit of its own
 */
public record RunLimits(IntSupplier all, ToIntFunction<String> ofStore) {}
