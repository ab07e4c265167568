/** From a declared store to one that can be used: its driver and its keys. */
@NullMarked
package io.keepset.app.store;

import org.jspecify.annotations.NullMarked;
