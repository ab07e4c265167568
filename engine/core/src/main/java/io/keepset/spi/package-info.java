/** What a driver implements: platforms, database engines, stores. */
@NullMarked
package io.keepset.spi;

import org.jspecify.annotations.NullMarked;
