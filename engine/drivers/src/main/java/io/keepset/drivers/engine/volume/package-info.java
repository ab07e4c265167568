/** Directories by GNU tar. */
@NullMarked
package io.keepset.drivers.engine.volume;

import org.jspecify.annotations.NullMarked;
