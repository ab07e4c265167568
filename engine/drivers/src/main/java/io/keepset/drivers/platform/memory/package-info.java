/** A platform that lives as long as its process, for tests and demonstrations. */
@NullMarked
package io.keepset.drivers.platform.memory;

import org.jspecify.annotations.NullMarked;
