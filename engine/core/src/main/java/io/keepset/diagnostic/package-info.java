/** Mistakes as values: what is wrong, where, and what to do about it. */
@NullMarked
package io.keepset.diagnostic;

import org.jspecify.annotations.NullMarked;
