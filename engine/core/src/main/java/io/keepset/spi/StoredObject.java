package io.keepset.spi;

import java.time.Instant;

/** One object in a store, as listed. */
public record StoredObject(String key, long size, Instant modified) {}
