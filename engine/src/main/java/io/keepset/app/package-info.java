/** The app: commands, server and the composition root that wires core and drivers together. */
@NullMarked
package io.keepset.app;

import org.jspecify.annotations.NullMarked;
