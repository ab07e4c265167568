/** What an engine with a write-ahead log gives for restores to a point in time. */
@NullMarked
package io.keepset.spi.wal;

import org.jspecify.annotations.NullMarked;
