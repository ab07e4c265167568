/** Redis and Valkey, by the replication protocol. */
@NullMarked
package io.keepset.drivers.engine.redis;

import org.jspecify.annotations.NullMarked;
