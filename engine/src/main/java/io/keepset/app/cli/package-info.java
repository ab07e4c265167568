/** The commands: one class each, written against {@link io.keepset.app.cli.Shell}. */
@NullMarked
package io.keepset.app.cli;

import org.jspecify.annotations.NullMarked;
