/** Keepset beside the plain tools, in one run, as ratios. */
@NullMarked
package io.keepset.bench;

import org.jspecify.annotations.NullMarked;
