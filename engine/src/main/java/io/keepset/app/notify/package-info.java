/** Tells people and programs what the watch found. */
@NullMarked
package io.keepset.app.notify;

import org.jspecify.annotations.NullMarked;
