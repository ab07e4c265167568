/** The keep set: which backups a retention policy keeps, and why. Pure functions. */
@NullMarked
package io.keepset.retention;

import org.jspecify.annotations.NullMarked;
