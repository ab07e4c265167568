/** Running other people's programs safely; shared by the engines that need one. */
@NullMarked
package io.keepset.drivers.tool;

import org.jspecify.annotations.NullMarked;
