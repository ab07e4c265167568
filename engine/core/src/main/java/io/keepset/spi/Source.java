package io.keepset.spi;

import io.keepset.policy.Options;

/** A database to dump or to restore into, and how to reach it. */
public record Source(String database, Options connection, Options options, Secrets secrets) {}
