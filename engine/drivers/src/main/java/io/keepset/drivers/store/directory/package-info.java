/** Backups in a directory of this machine: a disk, a mounted share. */
@NullMarked
package io.keepset.drivers.store.directory;

import org.jspecify.annotations.NullMarked;
