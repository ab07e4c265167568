package io.keepset.runner;

import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.Store;

/**
 * A declared store, ready for use.
 *
 * @param keys that seal and open what lies in it
 */
public record OpenStore(String name, Store store, KeyRing keys) {}
