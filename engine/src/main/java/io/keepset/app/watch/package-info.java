/** Watches what the installation does, and tells what is wrong with it. */
@NullMarked
package io.keepset.app.watch;

import org.jspecify.annotations.NullMarked;
