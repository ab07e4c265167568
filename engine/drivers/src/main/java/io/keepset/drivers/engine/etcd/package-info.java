/** etcd, by snapshots over its own HTTP gateway. */
@NullMarked
package io.keepset.drivers.engine.etcd;

import org.jspecify.annotations.NullMarked;
