/** Cassandra and ScyllaDB: a snapshot on every node, its files as one tar. */
@NullMarked
package io.keepset.drivers.engine.scylla;

import org.jspecify.annotations.NullMarked;
