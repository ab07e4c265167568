/** Instances that live only for a proof; shared by the engines that start one. */
@NullMarked
package io.keepset.drivers.scratch;

import org.jspecify.annotations.NullMarked;
