/** Restores to a point in time: the archive of the log beside the base backups. */
@NullMarked
package io.keepset.wal;

import org.jspecify.annotations.NullMarked;
