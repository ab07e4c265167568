/** Streams and checksums that more than one driver needs. */
@NullMarked
package io.keepset.drivers.stream;

import org.jspecify.annotations.NullMarked;
