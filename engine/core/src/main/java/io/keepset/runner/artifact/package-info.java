/**
 * The way of the bytes: from a dump through compression and encryption into a store, and back with
 * every check on the way.
 */
@NullMarked
package io.keepset.runner.artifact;

import org.jspecify.annotations.NullMarked;
